"""Defines classes, with validators, converters and slots."""

import attr
import attrs


@attrs.define(order=True)
class Line:
    sku: str = attrs.field(validator=attrs.validators.min_len(1))
    count: int = attrs.field(default=1, converter=int)


@attr.s(auto_attribs=True, frozen=True)
class Order:
    id: int
    lines: list = attr.Factory(list)


def use():
    order = Order(7, [Line("a", "2"), Line("b")])
    try:
        Line("")
    except ValueError as error:
        refused = type(error).__name__
    try:
        order.id = 8
    except attrs.exceptions.FrozenInstanceError as error:
        frozen = type(error).__name__
    made = attrs.make_class("Made", ["x", "y"])
    return [
        repr(order),
        attrs.asdict(order),
        refused,
        frozen,
        repr(made(1, 2)),
        repr(attrs.evolve(order.lines[0], count=9)),
        Line("a") < Line("b"),
        hash(Order(1, ())) == hash(Order(1, ())),
    ]
