"""What a value may look like, in JSON Schema's terms: types, words, and keywords that each bear on one type alone.

A keyword such as `minimum` or `properties` says nothing about values of other types. So the keywords of all the forms
of a value can stand side by side, beside one `anyOf` over types and words. A validator then names the very key at
fault, where alternatives that each carry `properties` would leave it to guess which of them was meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any

from mnistspec.catalogue.indices import INDEX_PATTERN
from mnistspec.catalogue.kinds import Boolean, Code, DType, Index, Kind, Null, Number, Text, Word
from mnistspec.frozen import dataclass
from mnistspec.values.scalars import DTYPES, POLICIES

# A `$${` is no expression: it stands for the text `${`.
EXPRESSION = {"description": "an expression, `${...}`", "type": "string", "pattern": r"(^|[^$])\$\{"}


@dataclass(frozen=True)
class Form:
    """One way to write a value: of a `type`, as far as the `keywords` allow, or one of the `words`.

    With `any_case` the words stand for the same in capitals.
    """

    type: str | None = None
    keywords: Mapping[str, Any] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    any_case: bool = False

    @property
    def bears_on(self) -> str | None:
        """The type that the keywords constrain: those of integers constrain all numbers."""
        return "number" if self.type == "integer" else self.type


def scalar(kind: Kind) -> list[Form]:
    """The ways to write a single value; none for what only code can say. Raises: TypeError for any other kind."""
    match kind:
        case Null():
            return [Form("null")]
        case Boolean():
            return [Form("boolean")]
        case Text():
            return [Form("string")]
        case Number():
            return [_number(kind)]
        case Word():
            return [Form(words=(kind.value,), any_case=kind.any_case)]
        case DType():
            return [Form(words=(*sorted(DTYPES), *sorted(POLICIES)))]
        case Index():
            return [Form("integer"), Form("string", {"pattern": f"{INDEX_PATTERN}|{EXPRESSION['pattern']}"})]
        case Code():
            return []
        case _:
            raise TypeError(f"{kind!r} is no kind of single value")


def _number(kind: Number) -> Form:
    low = "exclusiveMinimum" if kind.open_minimum else "minimum"
    high = "exclusiveMaximum" if kind.open_maximum else "maximum"
    bounds = {low: kind.minimum, high: kind.maximum}
    keywords = {
        name: int(bound) if bound == int(bound) else bound for name, bound in bounds.items() if bound is not None
    }
    return Form("integer" if kind.integer else "number", keywords)


def listing(items: Mapping[str, Any], minimum: int = 0, maximum: int | None = None) -> Form:
    """A list of such items, `minimum` to `maximum` of them."""
    bounds = {"minItems": minimum or None, "maxItems": maximum}
    return Form("array", {"items": items, **{name: bound for name, bound in bounds.items() if bound is not None}})


def table(values: Mapping[str, Any]) -> Form:
    """A map from any name to such values."""
    return Form("object", {"additionalProperties": values} if values else {})


def closed(properties: Mapping[str, Any], required: Iterable[str] = ()) -> dict[str, Any]:
    """Keywords of a map that has these keys and no others."""
    needed = list(required)
    return {"properties": properties, **({"required": needed} if needed else {}), "additionalProperties": False}


def one_key(properties: Mapping[str, Any], *, listed: bool = False) -> dict[str, Any]:
    """Keywords of a map that has exactly one of these keys; `listed` for one that is always an item of a list."""
    keywords = {**closed(properties), "minProperties": 1}
    # One editor's server counts the key that is about to be written, and under a key's line of its own it completes
    # none where there is room for one.
    return {**keywords, "maxProperties": 1} if listed else {**keywords, "allOf": [{"maxProperties": 1}]}


def union(forms: Iterable[Form]) -> dict[str, Any]:
    """The schema of a value that has one of the forms, or is an expression."""
    forms = list(forms)
    in_capitals = [word for form in forms if form.any_case for word in form.words]
    if in_capitals:
        forms.append(_in_any_case(in_capitals))
    apart = _apart(forms)
    beside = [form for form in forms if form.bears_on not in apart]
    keywords = {name: value for form in beside for name, value in form.keywords.items()}
    alternatives = [{"type": form.type, **form.keywords} for form in forms if form.bears_on in apart]
    words = [word for form in forms for word in form.words]
    types = [form.type for form in beside if form.type is not None]
    return {**keywords, **_alternatives(words, types, alternatives)}


def _in_any_case(words: Sequence[str]) -> Form:
    spelled = ("".join(f"[{x}{x.upper()}]" if x.isalpha() else x for x in word) for word in words)
    return Form("string", {"pattern": f"^({'|'.join(spelled)})$|{EXPRESSION['pattern']}"})


def _apart(forms: Sequence[Form]) -> set[str | None]:
    """The types whose keywords cannot stand beside those of other forms."""
    count = Counter(form.bears_on for form in forms if form.keywords)
    several = {name for name, times in count.items() if times > 1}
    # Editors complete a key that has `items` as a list, even where a number is the simpler thing to write.
    return several | {"array"} if "number" in {form.bears_on for form in forms} else several


def _alternatives(words: list[str], types: list[str], others: list[dict[str, Any]]) -> dict[str, Any]:
    # Words first and the expression last: of alternatives that fail alike, an editor reports the first. And null
    # before other types, since one editor's server cannot complete a string whose default is null; then lists and
    # maps, since it writes out the default of a key whose first type is another, wanted or not.
    types = sorted(types, key=lambda name: (name != "null", name not in ("array", "object")))
    typed = [{"type": types[0] if len(types) == 1 else types}] if types else []
    expression = [] if "string" in types else [{"$ref": "#/$defs/expression"}]
    alternatives: list[dict[str, Any]] = [*_enums(words), *typed, *others, *expression]
    return alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}


def _enums(words: Sequence[str]) -> list[dict[str, Any]]:
    """The words, those of each namespace (`ops.`) apart: an editor that shows a word shows all that stand beside it."""
    spaces: dict[str, list[str]] = {}
    for word in words:
        spaces.setdefault(word.rpartition(".")[0], []).append(word)
    return [{"enum": together} for together in spaces.values()]
