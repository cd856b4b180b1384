"""The JSON Schema of an entry file, generated from the models so that it cannot drift from them."""

from __future__ import annotations

from typing import Any

from bot.knowledge.entry import Entry


def json_schema() -> dict[str, Any]:
    """The schema of a file with one entry (its id is its path) or with a list of entries that each give an id."""
    schema = Entry.model_json_schema(by_alias=False)
    definitions = schema.pop("$defs")
    schema = _with_either(schema, "summary", "answer")
    single = {**schema, "required": [name for name in schema["required"] if name != "id"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Advisor knowledge entry",
        "anyOf": [single, {"type": "array", "items": schema}],
        "$defs": definitions,
    }


def _with_either(schema: dict[str, Any], name: str, other: str) -> dict[str, Any]:
    """The *schema* with a second name for a field that must be there: one of the two, as the model reads it."""
    required = [one for one in schema["required"] if one != name]
    fields = {**schema["properties"], other: schema["properties"][name]}
    return {
        **schema,
        "properties": fields,
        "required": required,
        "oneOf": [{"required": [name]}, {"required": [other]}],
    }
