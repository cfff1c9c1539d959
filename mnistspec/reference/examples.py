"""The example of each key and a mistake made with it, tried in a whole spec: what the checker says is its own word."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from mnistspec.catalogue.kinds import Boolean, Either, Field, Kind, Listing, Null, Number, Word
from mnistspec.diagnostics import Diagnostic, Severity
from mnistspec.frozen import dataclass
from mnistspec.nodes import plain
from mnistspec.parse import parse
from mnistspec.pipeline import check_source
from mnistspec.reference import Section
from mnistspec.source import Source

# Relative paths in the specs start from this file's folder.
_BESIDE = Path(__file__).resolve().parents[2] / "specs" / "example.json"


@dataclass(frozen=True)
class Example:
    """What to write for a key: `shown` as the maps around it have it. `mistake` is the same key written wrongly, None
    where the mistake is to leave it out. Both with what is found in the whole spec around them, notes left out.
    """

    shown: Mapping[str, Any]
    found: tuple[Diagnostic, ...]
    mistake: Mapping[str, Any] | None
    said: tuple[Diagnostic, ...]


def example(section: Section, key: str) -> Example:
    """The example of one key of a section."""
    field = section.record.fields[key]
    told = _examples().get(section.key(key), {})
    frame = _frame(section.key(key))
    at = _steps(frame.get("at", section.name))
    right = told["right"] if "right" in told else _right(field)
    wrong = _mistake(key, field, told, right)
    spec, code = frame["spec"], frame.get("code", False)
    return Example(
        shown=_shown(spec, at, {key: right}, whole=frame.get("whole", False)),
        found=_found(_with(spec, at, key, {key: right}), code),
        mistake=wrong,
        said=_found(_with(spec, at, key, wrong or {}), code),
    )


def told_keys() -> frozenset[str]:
    """The keys that have an example of their own, by where they stand."""
    return frozenset(_examples())


def _mistake(key: str, field: Field, told: Mapping[str, Any], right: Any) -> Mapping[str, Any] | None:
    """The key with the mistake that is told, or else one that follows from its kind; None to leave it out."""
    if told.get("absent"):
        return None
    if "misspelt" in told:
        return {told["misspelt"]: right}
    return {key: told["wrong"] if "wrong" in told else _wrong(field.kind)}


def _right(field: Field) -> Any:
    """A value of the kind that is not the default, where one can be found."""
    for kind in _options(field.kind):
        match kind:
            case Boolean():
                return not field.default
            case Word(value) if value != field.default:
                return value
            case Number(integer=True):
                return int(field.default or kind.minimum or 0) + 1
            case Number():
                return 0.1 if field.default != 0.1 else 0.2
            case Listing(item) if isinstance(item, Word):
                return [item.value]
    return field.default


def _wrong(kind: Kind) -> Any:
    """A value that the kind does not have."""
    first = _options(kind)[0]
    match first:
        case Number(minimum=minimum) if minimum is not None:
            return int(minimum) - 1
        case Word(value):
            return value[:-1]
        case Boolean():
            return "maybe"
        case _:
            return "something"


def _options(kind: Kind) -> tuple[Kind, ...]:
    options = kind.options if isinstance(kind, Either) else (kind,)
    return tuple(option for option in options if not isinstance(option, Null))


@cache
def _examples() -> Mapping[str, Mapping[str, Any]]:
    return _document("examples.yaml")


@cache
def _frames() -> Mapping[str, Mapping[str, Any]]:
    return _document("frames.yaml")


def _document(name: str) -> Mapping[str, Any]:
    root = parse(Source((resources.files(__package__) / name).read_text("utf-8"), name)).value
    assert root is not None
    document = plain(root)
    assert isinstance(document, dict)
    return document


def _frame(key: str) -> Mapping[str, Any]:
    """The frame of the longest name that the key's begins with."""
    names = [name for name in _frames() if not name or key == name or key.startswith(f"{name}.")]
    return _frames()[max(names, key=len)]


def _steps(at: str) -> tuple[str | int, ...]:
    return tuple(int(step) if step.isdigit() else step for step in at.split(".") if step)


def _with(spec: Mapping[str, Any], at: tuple[str | int, ...], key: str, entries: Mapping[str, Any]) -> dict[str, Any]:
    """The spec in which these entries stand in place of a key, in the map at a place, made where there is none."""
    changed = copy.deepcopy(dict(spec))
    place: Any = changed
    for step in at:
        if isinstance(place, dict) and not isinstance(place.get(step), dict | list):
            place[step] = {}
        place = place[step]
    place.pop(key, None)
    place.update(entries)
    return changed


def _shown(spec: Mapping[str, Any], at: tuple[str | int, ...], entries: dict[str, Any], *, whole: bool) -> Any:
    """The entries within the maps and lists that lead to them; with `whole` beside what the spec has there."""
    place: Any = spec
    for step in at:
        place = place.get(step, {}) if isinstance(place, dict) else place[step]
    shown: Any = {**place, **entries} if whole and isinstance(place, dict) else entries
    for step in reversed(at):
        shown = [shown] if isinstance(step, int) else {step: shown}
    return shown


def _found(spec: Mapping[str, Any], code: bool) -> tuple[Diagnostic, ...]:
    """What is found in a spec, but for notes: of data, for one, that are not on this machine."""
    source = Source(json.dumps(spec, indent=1), "example.json", _BESIDE)
    found = check_source(source, allow_code=code).diagnostics
    return tuple(diagnostic for diagnostic in found if diagnostic.severity is not Severity.NOTE)
