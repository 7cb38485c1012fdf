"""Validates documents against a schema with references."""

import jsonschema
from jsonschema import Draft202012Validator, FormatChecker

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": {"line": {"type": "object", "required": ["sku"]}},
    "type": "object",
    "properties": {
        "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}},
        "when": {"type": "string", "format": "date"},
    },
}


def use():
    validator = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
    errors = validator.iter_errors({"lines": [{}, {"sku": "a"}, 7], "when": "soon"})
    try:
        jsonschema.validate(7, SCHEMA)
    except jsonschema.ValidationError as error:
        refused = error.message
    Draft202012Validator.check_schema(SCHEMA)
    return [sorted([error.json_path, error.message] for error in errors), refused]
