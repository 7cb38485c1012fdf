"""State at module level that a run changes."""

calls = []
limits = {"low": 1}


def note(value):
    calls.append(value)
    return len(calls)
