"""The structure of blocks and views, held against the schema made from Slack's own types.

Objects are closed: a field that Slack does not know is refused, as Slack does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, ValidationError

SCHEMA = Path(__file__).with_name("blocks.schema.json")

Place = tuple[str | int, ...]


def block_faults(block: Any, place: Place) -> list[str]:
    """Return what is wrong with the structure of one block that stands at *place*."""
    kind = block.get("type") if isinstance(block, dict) else None
    if not isinstance(kind, str):
        return [at("must provide an object with a type", place)]
    definition = _blocks().get(kind)
    return _faults(definition, block, place) if definition else [at(f"unsupported type: {kind}", place)]


def view_faults(view: Any, place: Place) -> list[str]:
    """Return what is wrong with a view around its blocks; the blocks themselves are not looked at."""
    kinds = {"modal": "ModalView", "home": "HomeView"}
    kind = view.get("type") if isinstance(view, dict) else None
    if kind not in kinds:
        return [at("must be a modal or a home view", (*place, "type"))]
    return _faults(kinds[kind], {**view, "blocks": []} if "blocks" in view else view, place)


def at(words: str, place: Place) -> str:
    """Return a fault in Slack's form: the words, then where, as a JSON pointer."""
    return f"{words} [json-pointer:{''.join(f'/{step}' for step in place)}]"


def _faults(definition: str, value: Any, place: Place) -> list[str]:
    return list(dict.fromkeys(_explained(_validator(definition).iter_errors(value), place)))


@cache
def _definitions() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))["definitions"]
    return found


@cache
def _validator(definition: str) -> Draft7Validator:
    return Draft7Validator({"$ref": f"#/definitions/{definition}", "definitions": _definitions()})


@cache
def _blocks() -> dict[str, str]:
    """Return the definition of each type of block."""
    names = [each["$ref"].rsplit("/", 1)[1] for each in _definitions()["KnownBlock"]["anyOf"]]
    shapes = {name: _definitions()[name] for name in names}
    alternatives = {name: shape.get("anyOf", [shape])[0] for name, shape in shapes.items()}
    return {shape["properties"]["type"]["const"]: name for name, shape in alternatives.items()}


def _explained(errors: Iterable[ValidationError], place: Place) -> Iterator[str]:
    for error in errors:
        here = (*place, *error.path)
        if error.validator != "anyOf":
            yield from _in_words(error, here)
            continue
        branch = _meant(error)
        if branch is not None:
            yield from _explained(branch, here)
            continue
        instance: Any = error.instance
        kind = instance.get("type") if isinstance(instance, dict) else None
        yield at(f"unsupported type: {kind}" if kind else "must provide an object with a type", here)


def _in_words(error: ValidationError, here: Place) -> Iterator[str]:
    rule, wanted, instance, schema = _parts(error)
    if rule == "required":
        yield from (at(f"missing required field: {name}", here) for name in wanted if name not in instance)
    elif rule == "additionalProperties":
        unknown = [name for name in instance if name not in schema.get("properties", {})]
        yield from (at(f"invalid additional property: {name}", here) for name in unknown)
    elif rule == "type":
        yield at(f"must provide a {wanted}", here)
    elif rule in ("const", "enum"):
        allowed = wanted if isinstance(wanted, list) else [wanted]
        yield at(f"must be one of: {', '.join(map(str, allowed))}", here)
    else:
        yield at(error.message, here)


def _meant(error: ValidationError) -> list[ValidationError] | None:
    """Return the faults of the alternative that was meant: that of the given type, with the fewest faults."""
    branches: dict[Any, list[ValidationError]] = {}
    for each in error.context or ():
        branches.setdefault(each.schema_path[0], []).append(each)
    fitting = [branch for branch in branches.values() if all(map(_has_the_type, branch))]
    return min(fitting, key=len) if fitting else None


def _has_the_type(error: ValidationError) -> bool:
    """Return whether *error* leaves it open that the alternative was meant: its type is the one given."""
    rule, wanted, instance, _ = _parts(error)
    if rule in ("const", "enum"):
        return list(error.relative_path) != ["type"]
    if error.relative_path:
        return True
    if rule == "anyOf":
        return _meant(error) is not None
    return rule != "type" and not (rule == "required" and "type" in wanted and "type" not in instance)


def _parts(error: ValidationError) -> tuple[Any, Any, Any, Any]:
    return error.validator, error.validator_value, error.instance, error.schema
