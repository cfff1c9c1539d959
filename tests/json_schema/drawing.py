"""Strategies that draw whole specs from the language's tables and the catalogue, by kind, and change them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from hypothesis import strategies as st

from mnistspec.catalogue import ClassFacts, load
from mnistspec.catalogue.activations import LAYER_OF
from mnistspec.catalogue.kinds import (
    NUMBERS,
    AnyData,
    Boolean,
    Code,
    DType,
    Either,
    Index,
    InnerModel,
    Kind,
    LayerEntry,
    Listing,
    Null,
    Number,
    Object,
    Record,
    Table,
    Tagged,
    Text,
    Typed,
    Word,
)
from mnistspec.language import NESTED, SPEC
from mnistspec.values.scalars import DTYPES, POLICIES

Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

_NAMES = ("digit", "left", "a_1", "3")
_DATA = (1, 0.5, True, None, "a", [1, [2]], {"a": {"b": None}})
# What no kind but "any data" takes at the place of something else, or only a few kinds.
_JUNK: tuple[Any, ...] = (True, None, -7, 1.5, "no such word", [], {}, ["no such word"], {"no such key": 1}, [[0.5]])


@st.composite
def specs(draw: Draw) -> dict[str, Any]:
    """Specs that are right in their form, whatever their meaning."""
    spec: dict[str, Any] = _record(draw, SPEC, 3)
    return {**spec, "mnistspec": 1}


@st.composite
def layers(draw: Draw) -> dict[str, Any]:
    """Entries of `layers` with arguments."""
    classes = sorted({facts.name for facts in load()["layers"].classes.values() if not facts.refused})
    entry: dict[str, Any] = _entry(draw, draw(st.sampled_from(classes)), 2)
    return entry


@st.composite
def changed(draw: Draw, spec: dict[str, Any]) -> dict[str, Any]:
    """The spec with one change somewhere: a value replaced, or a key renamed, removed or put in."""
    spec = copy.deepcopy(spec)
    place, key = draw(st.sampled_from(list(_places(spec))))
    how = draw(st.sampled_from(("replace", "rename", "remove", "insert")))
    if how == "replace" or isinstance(place, list):
        place[key] = draw(st.sampled_from(_JUNK))
    elif how == "insert":
        place["no_such_key"] = draw(st.sampled_from(_JUNK))
    else:
        value = place.pop(key)
        if how == "rename":
            place[key + "s"] = value
    return spec


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _value(draw: Draw, kind: Kind, depth: int) -> Any:
    if draw(st.integers(0, 30)) == 30:
        return "${width}"
    match kind:
        case Either():
            options = [option for option in kind.options if not isinstance(option, Code)]
            return _value(draw, draw(st.sampled_from(options)), depth)
        case Listing():
            longest = kind.minimum + 2 if kind.maximum is None else min(kind.maximum, kind.minimum + 2)
            return [_value(draw, kind.item, depth - 1) for _ in range(draw(st.integers(kind.minimum, longest)))]
        case Table():
            names = draw(st.lists(st.sampled_from(_NAMES), unique=True, max_size=2))
            return {name: _value(draw, kind.value, depth - 1) for name in names}
        case Typed():
            return {draw(st.sampled_from(("float64", "int8"))): _value(draw, NUMBERS, depth - 1)}
        case Record():
            return _record(draw, kind, depth)
        case Tagged():
            return _tagged(draw, kind, depth)
        case Object():
            return _object(draw, kind.namespace, depth)
        case LayerEntry():
            return _entry(draw, None, depth)
        case InnerModel():
            return _model(draw, depth)
        case _:
            return draw(_scalars(kind))


def _scalars(kind: Kind) -> st.SearchStrategy[Any]:
    match kind:
        case AnyData():
            return st.sampled_from(_DATA)
        case Null():
            return st.none()
        case Boolean():
            return st.booleans()
        case Number():
            return _numbers(kind)
        case Text():
            return st.text("ab /.$", max_size=3)
        case Word():
            return st.sampled_from((kind.value, kind.value.upper() if kind.any_case else kind.value))
        case DType():
            return st.sampled_from(sorted(DTYPES | POLICIES))
        case Index():
            return st.sampled_from((0, -1, ":", "1:5", "::-2", "...", "newaxis"))
        case _:
            raise TypeError(kind)


def _numbers(kind: Number) -> st.SearchStrategy[Any]:
    low = -3 if kind.minimum is None else kind.minimum
    high = low + 5 if kind.maximum is None else kind.maximum
    if kind.integer:
        return st.integers(int(low), int(high))
    return st.floats(low, high, exclude_min=kind.open_minimum, exclude_max=kind.open_maximum)


def _record(draw: Draw, kind: Record, depth: int) -> Any:
    if kind.positional is not None and draw(st.booleans()):
        return _value(draw, kind.fields[kind.positional].kind, depth)
    fields = kind.fields.items()
    return {name: _value(draw, field.kind, depth) for name, field in fields if field.required or _some(draw)}


def _some(draw: Draw) -> bool:
    return bool(draw(st.integers(0, 3)) == 3)


def _tagged(draw: Draw, kind: Tagged, depth: int) -> Any:
    name = draw(st.sampled_from(list(kind.options)))
    option = kind.options[name]
    if not any(field.required for field in option.fields.values()) and draw(st.booleans()):
        return name
    return {name: _record(draw, option, depth)}


def _object(draw: Draw, namespace: str, depth: int) -> Any:
    known = load()[namespace]
    usable = {name: facts for name, facts in known.classes.items() if not facts.refused}
    bare = [name for name, facts in usable.items() if not _required(facts)] + list(known.identifiers)
    if bare and (depth <= 0 or draw(st.booleans())):
        return draw(st.sampled_from(bare))
    usable = {name: facts for name, facts in usable.items() if namespace != "activations" or facts.name in LAYER_OF}
    name = draw(st.sampled_from(list(usable)))
    return {name: _arguments(draw, usable[name], depth)}


def _required(facts: ClassFacts) -> list[str]:
    return [argument.name for argument in facts.arguments.values() if argument.required]


def _arguments(draw: Draw, facts: ClassFacts, depth: int) -> dict[str, Any]:
    known = facts.arguments
    some = draw(st.lists(st.sampled_from(list(known)), max_size=3)) if known and depth > 0 else []
    values = {name: _value(draw, known[name].kind, depth - 1) for name in dict.fromkeys([*_required(facts), *some])}
    if facts.namespace == "layers" and "name" in values:
        values["name"] = draw(_layer_names())
    return values


def _entry(draw: Draw, name: str | None, depth: int) -> Any:
    namespace = "ops" if name is None and draw(st.integers(0, 5)) == 5 else "layers"
    whole = {name: {}} if name is not None else _object(draw, namespace, depth)
    if isinstance(whole, str):
        return whole
    [name] = whole
    facts = load()[namespace].classes[name]
    own = {"from": _nodes()} | ({"call": _call(facts)} if namespace == "layers" else {})
    return {name: _arguments(draw, facts, depth) | {key: draw(own[key]) for key in own if _some(draw)}}


def _model(draw: Draw, depth: int) -> Any:
    """A model inside a layer, which is no node."""
    name = draw(st.sampled_from((*NESTED, "applications.ResNet50")))
    if name not in NESTED:
        return draw(st.sampled_from((name, {name: {"weights": None}})))
    record = NESTED[name]
    fields = {key: field for key, field in record.fields.items() if key not in ("name", "from", "call")}
    return {name: {**_record(draw, replace(record, fields=fields), depth - 1), "name": draw(_layer_names())}}


def _layer_names() -> st.SearchStrategy[Any]:
    return st.none() | st.text("ab_1 .", min_size=1, max_size=4) | st.just("${a/b}")


def _nodes() -> st.SearchStrategy[Any]:
    node = st.sampled_from(("stem", "lstm.1", "${n}"))
    nodes = st.lists(node, min_size=1, max_size=3)
    return node | nodes | st.dictionaries(st.sampled_from(("query", "value")), node | nodes, min_size=1)


def _call(facts: ClassFacts) -> st.SearchStrategy[Any]:
    given = {name: st.sampled_from([plain for plain in _DATA if plain != "a"]) for name in facts.call_arguments}
    return st.fixed_dictionaries({}, optional=given)
