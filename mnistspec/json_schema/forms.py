"""What a kind allows, in JSON Schema's terms: types, words, and keywords that each bear on one type alone.

A keyword such as `minimum` or `properties` says nothing about values of other types. So the keywords of all of a
kind's options can stand side by side, beside one `anyOf` over types and words: a validator then names the very key at
fault, where alternatives that each carry their own `properties` would leave it to guess which one was meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mnistspec.catalogue.kinds import Number

_FAMILY = {"integer": "number"}
EXPRESSION = {"$ref": "#/$defs/expression"}


@dataclass(frozen=True)
class Form:
    """One way to write a value. `keywords` constrain the values of `type`; `words` are strings allowed besides."""

    type: str | None = None
    keywords: Mapping[str, Any] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    @property
    def family(self) -> str | None:
        """The type that the keywords bear on: those of an integer bear on all numbers."""
        return _FAMILY.get(self.type, self.type) if self.type is not None and self.keywords else None


def number(kind: Number) -> Form:
    """A number within the kind's bounds."""
    low = "exclusiveMinimum" if kind.open_minimum else "minimum"
    high = "exclusiveMaximum" if kind.open_maximum else "maximum"
    bounds = {low: kind.minimum, high: kind.maximum}
    keywords = {name: _short(bound) for name, bound in bounds.items() if bound is not None}
    return Form("integer" if kind.integer else "number", keywords)


def _short(number: float) -> int | float:
    return int(number) if number.is_integer() else number


def listing(items: Mapping[str, Any], minimum: int, maximum: int | None) -> Form:
    """A list of such items, `minimum` to `maximum` of them."""
    bounds = {"minItems": minimum or None, "maxItems": maximum}
    return Form("array", {"items": items, **{name: bound for name, bound in bounds.items() if bound is not None}})


def closed(properties: Mapping[str, Any], required: Iterable[str] = ()) -> dict[str, Any]:
    """Keywords of a map that has these keys and no others."""
    needed = list(required)
    return {"properties": properties, **({"required": needed} if needed else {}), "additionalProperties": False}


def one_key(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Keywords of a map with exactly one of these keys."""
    return {**closed(properties), "minProperties": 1, "maxProperties": 1}


def union(forms: Iterable[Form]) -> dict[str, Any]:
    """The schema of a value that has one of the forms, or is an expression."""
    forms = list(forms)
    families = Counter(form.family for form in forms if form.family)
    beside = [form for form in forms if form.family is None or families[form.family] == 1]
    apart = [{"type": form.type, **form.keywords} for form in forms if form not in beside]
    hoisted = {name: value for form in beside for name, value in form.keywords.items()}
    words = list(dict.fromkeys(word for form in forms for word in form.words))
    types = list(dict.fromkeys(form.type for form in beside if form.type))
    return {**hoisted, **_alternatives(words, types, apart)}


def _alternatives(words: list[str], types: list[str], apart: list[dict[str, Any]]) -> dict[str, Any]:
    # The words come first and the expression last: an editor reports the first of alternatives that fail alike.
    alternatives: list[dict[str, Any]] = [{"enum": words}] if words else []
    if types:
        alternatives.append({"type": types[0] if len(types) == 1 else types})
    alternatives += apart
    if "string" not in types:
        alternatives.append(EXPRESSION)
    return alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}
