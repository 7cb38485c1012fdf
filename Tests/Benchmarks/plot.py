"""Draws line charts as SVG that can be read on light and on dark pages."""

from __future__ import annotations

import math
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 78, 24, 84, 56
TICKS = 6
STYLE = """
svg { color-scheme: light dark; font: 13px system-ui, 'DejaVu Sans', sans-serif }
.page { fill: #ffffff } .text { fill: #1f2328 } .soft { fill: #59636e }
.grid { stroke: #d8dee4 } .axis { stroke: #59636e }
.s0 { stroke: #0a5fc2; fill: #0a5fc2 } .s1 { stroke: #bc4c00; fill: #bc4c00 }
.s2 { stroke: #55606b; fill: #55606b }
.line { fill: none; stroke-width: 2 } .dashed { stroke-dasharray: 6 4 } .title { font-size: 16px }
@media (prefers-color-scheme: dark) {
  .page { fill: #0d1117 } .text { fill: #e6edf3 } .soft { fill: #9aa4af }
  .grid { stroke: #2b323b } .axis { stroke: #9aa4af }
  .s0 { stroke: #6cb2ff; fill: #6cb2ff } .s1 { stroke: #ff9c57; fill: #ff9c57 }
  .s2 { stroke: #b4bec9; fill: #b4bec9 }
}
"""


class Series(NamedTuple):
    """One line of a chart; the third of them, which is the floor, is dashed."""

    name: str
    points: list[tuple[float, float]]


def ticks(highest: float) -> list[float]:
    """Round numbers from nought to the first that is not below the highest."""
    if highest <= 0:
        return [0.0, 1.0]
    raw = highest / TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999)
    return [step * number for number in range(math.ceil(highest / step * 0.999) + 1)]


class _Frame:
    """Where values lie on the page."""

    def __init__(self, series: list[Series]) -> None:
        points = [point for line in series for point in line.points]
        self.x_ticks = ticks(max(x for x, _ in points))
        self.y_ticks = ticks(max(y for _, y in points))
        self.highest_x = max(x for x, _ in points)
        if self.highest_x < self.x_ticks[-1] * 0.999:
            self.x_ticks.pop()

    def x(self, value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * value / self.highest_x

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.y_ticks[-1]


def _text(x: float, y: float, text: str, kind: str = "text", anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'


def _number(value: float) -> str:
    return f"{value:,.10g}"


def _axes(frame: _Frame, x_label: str, y_label: str) -> list[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = []
    for value in frame.y_ticks:
        y = frame.y(value)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{right}"/>')
        parts.append(_text(LEFT - 8, y + 4, _number(value), "soft", "end"))
    for value in frame.x_ticks:
        x = frame.x(value)
        parts.append(f'<path class="axis" d="M{x:.1f} {bottom}v5"/>')
        parts.append(_text(x, bottom + 20, _number(value), "soft", "middle"))
    parts.append(f'<path class="axis" d="M{LEFT} {bottom}H{right}"/>')
    parts.append(_text((LEFT + right) / 2, HEIGHT - 14, escape(x_label), "text", "middle"))
    turn = f'transform="translate(18 {(TOP + bottom) / 2:.1f}) rotate(-90)"'
    parts.append(f'<text class="text" text-anchor="middle" {turn}>{escape(y_label)}</text>')
    return parts


def _marker(number: int, x: float, y: float) -> str:
    """A mark that tells the lines apart without their colours."""
    if number == 0:
        return f'<circle class="s0" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
    if number == 1:
        return f'<path class="s1" d="M{x - 3.5:.1f} {y - 3.5:.1f}h7v7h-7z"/>'
    return f'<path class="s{number}" d="M{x:.1f} {y - 4.5:.1f}l4 7h-8z"/>'


def _line(frame: _Frame, number: int, series: Series) -> list[str]:
    places = [(frame.x(x), frame.y(y)) for x, y in series.points]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dashed = " dashed" if number == 2 else ""
    marked = places if len(places) <= 12 else [places[0], places[-1]]
    line = f'<path class="line{dashed} s{number}" style="fill:none" d="M{path}"/>'
    return [line, *(_marker(number, x, y) for x, y in marked)]


def line_chart(title: str, x_label: str, y_label: str, series: list[Series]) -> str:
    """A chart of at most three lines, whose axes begin at nought.

    Args:
        title: the line above.
        x_label: what goes to the right, with its unit.
        y_label: what goes up, with its unit.
        series: the lines; those without points are left out.
    """
    shown = [(number, line) for number, line in enumerate(series) if line.points]
    frame = _Frame([line for _, line in shown])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{escape(title)}">',
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
        _text(LEFT, 30, escape(title), "text title"),
        *_axes(frame, x_label, y_label),
    ]
    x = float(LEFT)
    for number, line in shown:
        dashed = " dashed" if number == 2 else ""
        parts.append(f'<path class="line{dashed} s{number}" d="M{x:.1f} 54h26"/>')
        parts += [_marker(number, x + 13, 54), _text(x + 34, 58, escape(line.name))]
        x += 58 + 7.6 * len(line.name)
    for number, line in reversed(shown):
        parts += _line(frame, number, line)
    return "\n".join([*parts, "</svg>", ""])
