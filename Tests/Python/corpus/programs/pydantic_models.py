"""Models of pydantic with fields of restricted classes."""
# needs: pydantic

from __future__ import annotations

import datetime as dt
import enum
import pathlib
import typing
import uuid
from decimal import Decimal
from typing import Annotated, Generic, Literal, Optional, TypeVar, Union

import pydantic
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    computed_field,
    field_serializer,
    field_validator,
    model_validator,
)

T = TypeVar("T")


class Kind(str, enum.Enum):
    SMALL = "small"
    LARGE = "large"


class Event(BaseModel):
    id: uuid.UUID
    at: dt.datetime
    on: Optional[dt.date] = None
    file: pathlib.Path = pathlib.Path("default.txt")
    lasts: dt.timedelta = dt.timedelta(minutes=5)
    kind: Kind = Kind.SMALL


class Node(BaseModel):
    name: str
    children: list[Node] = []

    @computed_field
    @property
    def size(self) -> int:
        return 1 + sum(child.size for child in self.children)


class Price(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    amount: Annotated[Decimal, Field(gt=0, max_digits=6)]
    currency: Literal["EUR", "USD"] = "EUR"

    @field_validator("currency", mode="before")
    @classmethod
    def upper(cls, value):
        return value.upper() if isinstance(value, str) else value

    @model_validator(mode="after")
    def check(self):
        if self.currency == "USD" and self.amount > 100:
            raise ValueError("too many dollars")
        return self

    @field_serializer("amount")
    def as_text(self, value):
        return f"{value:.2f}"


class Page(BaseModel, Generic[T]):
    items: list[T]
    next: int | None = None


class Cat(BaseModel):
    type: Literal["cat"]
    lives: int = 9


class Dog(BaseModel):
    type: Literal["dog"]
    born: dt.date


EVENT = {
    "id": "12345678-1234-5678-9234-567812345678",
    "at": "2023-05-17T08:00:00Z",
    "on": "2023-05-18",
    "file": "a/b.txt",
}


def program_model_with_restricted_types():
    """datetime, date, Path, UUID and timedelta are validated and serialised."""
    event = Event.model_validate(EVENT)
    return [
        event.model_dump_json(),
        type(event.at) is dt.datetime,
        type(event.id) is uuid.UUID,
        isinstance(event.file, pathlib.Path),
        event == Event(**EVENT),
        event.model_copy(update={"lasts": dt.timedelta(1)}).lasts.days,
    ]


def program_model_round_trip():
    """A model through JSON and back is the same."""
    event = Event(**EVENT, kind="large")
    return Event.model_validate_json(event.model_dump_json()) == event, event.model_dump(
        mode="json"
    )["kind"]


def program_model_errors():
    """The errors of a validation, with places and kinds."""
    try:
        Event.model_validate({"id": "no", "at": "yesterday", "file": 5})
    except ValidationError as error:
        return [(one["loc"], one["type"]) for one in error.errors()], error.error_count()


def program_model_recursive():
    """A model that contains itself, with a computed field."""
    tree = Node.model_validate(
        {"name": "a", "children": [{"name": "b"}, {"name": "c", "children": [{"name": "d"}]}]}
    )
    return tree.size, tree.model_dump(exclude={"children": {0: {"name"}}})["children"][1]["size"]


def program_model_validators():
    """Validators before and after, a frozen model, forbidden extras."""
    price = Price(amount="12.5", currency="usd")
    results = [price.model_dump()]
    for values in ({"amount": 101, "currency": "USD"}, {"amount": -1}, {"amount": 1, "tax": 2}):
        try:
            Price(**values)
        except ValidationError as error:
            results.append(error.errors()[0]["type"])
    try:
        price.amount = 1
    except ValidationError as error:
        results.append(error.errors()[0]["type"])
    return results, hash(price) == hash(Price(amount=Decimal("12.5"), currency="USD"))


def program_model_generic():
    """Generic models with restricted classes as arguments."""
    page = Page[dt.date](items=["2020-01-02"])
    return (
        page.items[0] == dt.date(2020, 1, 2),
        Page[Event].model_fields["items"].annotation == list[Event],
        Page[int].__name__,
    )


def program_model_union():
    """A discriminated union chosen by its tag."""
    adapter = TypeAdapter(Annotated[Union[Cat, Dog], Field(discriminator="type")])
    return [
        type(adapter.validate_python(one)).__name__
        for one in ({"type": "cat"}, {"type": "dog", "born": "2020-01-01"})
    ]


def program_model_schema():
    """The JSON schema tells formats."""
    schema = Event.model_json_schema()
    return schema["properties"]["at"], schema["properties"]["id"]["format"], schema["required"]


def program_type_adapter():
    """Adapters of plain types: typed dictionaries, unions, paths."""

    class Row(typing.TypedDict if False else __import__("typing_extensions").TypedDict):
        when: dt.datetime
        where: pathlib.PurePosixPath

    row = TypeAdapter(Row).validate_python({"when": 0, "where": "a/b"})
    return (
        row["when"].isoformat(),
        row["where"].parts,
        TypeAdapter(list[uuid.UUID]).dump_json([uuid.UUID(int=1)]),
    )


def program_pydantic_dataclass():
    """A dataclass with validation."""

    @pydantic.dataclasses.dataclass
    class Job:
        start: dt.datetime
        path: pathlib.Path = pathlib.Path("x")

    return Job("2020-02-03T04:05:06").start.minute, type(Job("2020-02-03T00:00:00").path) is type(
        pathlib.Path()
    )


def program_validated_call():
    """validate_call converts arguments."""

    @pydantic.validate_call
    def act(count: int, *, until: dt.date) -> str:
        return f"{count} {until.year}"

    return act("3", until="2024-01-01")


def program_created_model():
    """create_model with a datetime field and a default."""
    made = pydantic.create_model("Made", at=(dt.datetime, ...), n=(int, 3))
    return repr(made(at=dt.datetime(2020, 1, 1))), made.__name__, issubclass(made, BaseModel)


def program_model_copies():
    """Models through copy, deepcopy and model_construct."""
    import copy

    event = Event(**EVENT)
    return copy.copy(event) == event, copy.deepcopy(event) == event, Event.model_construct(id=5).id
