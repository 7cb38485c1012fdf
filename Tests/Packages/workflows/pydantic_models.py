"""Validates models."""

import datetime
import pathlib
import uuid
from typing import Annotated, Literal

from pydantic import BaseModel, Field, TypeAdapter, ValidationError, field_validator


class Line(BaseModel):
    kind: Literal["line"] = "line"
    sku: Annotated[str, Field(min_length=1)]
    when: datetime.datetime
    file: pathlib.Path
    id: uuid.UUID

    @field_validator("sku")
    @classmethod
    def upper(cls, value):
        return value.upper()


def use():
    line = Line(sku="a", when="2024-01-02T03:04:05Z", file="/a/b", id="0" * 32)
    try:
        Line(sku="", when="x", file=1, id=2)
    except ValidationError as error:
        problems = [problem["type"] for problem in error.errors()]
    return [
        line.model_dump_json(),
        problems,
        TypeAdapter(list[Line]).validate_python([line])[0] == line,
        sorted(Line.model_json_schema()["properties"]),
        type(line.when) is datetime.datetime,
    ]
