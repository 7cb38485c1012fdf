"""Walks graphs."""

import networkx as nx


def use():
    graph = nx.DiGraph()
    graph.add_weighted_edges_from([("a", "b", 1), ("b", "c", 2), ("a", "c", 5)])
    return [
        nx.shortest_path(graph, "a", "c", weight="weight"),
        list(nx.topological_sort(graph)),
        dict(graph.in_degree()),
        nx.node_link_data(graph, edges="links")["links"],
        sorted(nx.connected_components(graph.to_undirected()), key=sorted)[0] == {"a", "b", "c"},
        nx.gnp_random_graph(6, 0.5, seed=7).number_of_edges(),
    ]
