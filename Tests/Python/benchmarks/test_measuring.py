"""What the benchmarks compare with, and how they draw: figures are only as good as these."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "Benchmarks"))

import plot  # noqa: E402
from contenders import Floor  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"
MODULES = {
    "__init__.py": "from . import one\nMADE = object()\n",
    "one.py": "from floored import two\nfrom .two import MADE as theirs\nMADE = object()\n",
    "two.py": "import importlib\nimport floored.one\nMADE = object()\n"
    "again = importlib.import_module('floored.one')\n",
}


@pytest.fixture
def floored(tmp_path, monkeypatch):
    """A package whose modules import one another in a circle, in the host's table."""
    (tmp_path / "floored").mkdir()
    for name, text in MODULES.items():
        (tmp_path / "floored" / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("floored")
    for name in [name for name in sys.modules if name.partition(".")[0] == "floored"]:
        del sys.modules[name]


def test_floor_executes_each_module_anew(floored):
    names = ["floored", "floored.one", "floored.two"]
    floor = Floor(names, "import floored.two\n")
    first, second = floor.run(), floor.run()
    assert set(first) == {"measured_floor", *names}
    for name in names:
        made = {id(sys.modules[name].MADE), id(first[name].MADE), id(second[name].MADE)}
        assert len(made) == 3
    assert first["floored.one"].theirs is first["floored.two"].MADE
    assert first["floored.two"].again is first["floored.one"]
    assert first["floored"].two is first["floored.two"]


def test_floor_leaves_the_host_as_it_was(floored):
    bootstrap = sys.modules["_frozen_importlib"]
    find, one = bootstrap._find_and_load, sys.modules["floored.one"]
    with pytest.raises(ZeroDivisionError):
        Floor(["floored", "floored.one"], "import floored\n1 / 0\n").run()
    assert bootstrap._find_and_load is find
    assert sys.modules["floored.one"] is one
    assert sys.modules["floored"] is floored


@pytest.mark.parametrize(
    ("highest", "expected"),
    [
        (0, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (68.6, [0, 20, 40, 60, 80]),
        (1000, [0, 200, 400, 600, 800, 1000]),
        (0.25, pytest.approx([0, 0.05, 0.1, 0.15, 0.2, 0.25])),
    ],
)
def test_ticks_are_round_and_reach_the_highest_value(highest, expected):
    assert plot.ticks(highest) == expected


def test_chart_names_its_axes_and_lines():
    lines = [plot.Series("a < b", [(0, 0), (10, 4)]), plot.Series("unseen", [])]
    chart = ElementTree.fromstring(plot.line_chart("cost & size", "count", "time (ms)", lines))
    texts = {element.text for element in chart.iter(f"{SVG}text")}
    assert {"cost & size", "count", "time (ms)", "a < b", "10", "4"} <= texts
    assert "unseen" not in texts
    assert "prefers-color-scheme: dark" in chart.find(f"{SVG}style").text


def test_chart_keeps_every_line_on_the_page():
    points = [(x, 3.0 * x) for x in range(0, 1001, 10)]
    chart = ElementTree.fromstring(plot.line_chart("t", "x", "y", [plot.Series("s", points)]))
    path = max((p.get("d") for p in chart.iter(f"{SVG}path")), key=len)
    places = [tuple(map(float, place.split())) for place in path.lstrip("M").split("L")]
    assert len(places) == len(points)
    assert all(plot.LEFT <= x <= plot.WIDTH - plot.RIGHT for x, _ in places)
    assert all(plot.TOP <= y <= plot.HEIGHT - plot.BOTTOM for _, y in places)
