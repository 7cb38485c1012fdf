"""Loads and dumps documents, with a tag of its own."""

import yaml

TEXT = "a: [1, 2.5, true, null]\nb: !point [1, 2]\nwhen: 2024-01-02\nc: &x {k: v}\nd: *x\n"


class Loader(yaml.SafeLoader):
    pass


class Point(yaml.YAMLObject):
    yaml_tag = "!place"

    def __init__(self, x):
        self.x = x


Loader.add_constructor("!point", lambda loader, node: tuple(loader.construct_sequence(node)))


def use():
    document = yaml.load(TEXT, Loader)
    try:
        yaml.safe_load("a: [")
    except yaml.YAMLError as error:
        refused = type(error).__name__
    fast = yaml.load("a: 1", yaml.CSafeLoader) if yaml.__with_libyaml__ else {"a": 1}
    return [
        {**document, "when": str(document["when"])},
        yaml.safe_dump({"b": [1, {"c": "x"}]}),
        yaml.dump(Point(7)),
        refused,
        fast,
    ]
