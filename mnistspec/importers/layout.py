"""The text of an imported spec: what fits on a line stands on one, and no line is longer than it must be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import yaml

from mnistspec.exporters.resolved import Dumper

WIDTH = 120
# Keys under which every entry has a line of its own.
_LISTS = frozenset(["layers"])
_STEP = "  "


class _OneLine(Dumper):
    """Scalars as they stand inside brackets, expressions in double quotes."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    quoted = not text or "${" in text or not text.isprintable()
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if quoted else None)


_OneLine.add_representer(str, _represent_text)


def one_line(value: Any) -> str:
    """The value as one line of YAML, however long, as it can stand inside brackets."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{one_line(key)}: {one_line(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(one_line, value)) + "]"
    return _scalar(type(value).__name__, value)


@lru_cache(maxsize=20_000)
def _scalar(_: str, value: Any) -> str:
    """A scalar's text; its type tells 1 and true and 1.0 apart."""
    text: str = yaml.dump([value], Dumper=_OneLine, default_flow_style=True, allow_unicode=True, width=float("inf"))
    return text.rstrip("\n")[1:-1]


def spec_layout(spec: Mapping[str, Any]) -> str:
    """A spec as text: sections and blocks opened up, entries on a line each where they fit."""
    lines = [line for key, value in spec.items() for line in _section(key, value)]
    return "".join(f"{line}\n" for line in lines)


def entry_lines(entry: Any, indent: int) -> list[str]:
    """An entry of a list of layers, its dash `indent` characters from the left."""
    start = f"{' ' * indent}- "
    text = one_line(entry)
    line = start + (text[1:-1] if isinstance(entry, Mapping) else text)
    if not isinstance(entry, Mapping) or len(line) <= WIDTH:
        return [line]
    ((kind, body),) = entry.items()
    return [f"{start}{one_line(kind)}:", *_opened(body, indent + 4)]


def _section(key: str, value: Any) -> Iterator[str]:
    if key == "blocks":
        yield "blocks:"
        for name, block in value.items():
            yield f"{_STEP}{one_line(name)}:"
            yield from _entries(block, 4)
    elif isinstance(value, Mapping) and value:
        yield f"{key}:"
        yield from _entries(value, 2)
    else:
        yield from _entry(key, value, 0)


def _entries(values: Mapping[str, Any], indent: int) -> list[str]:
    return [line for key, value in values.items() for line in _entry(key, value, indent)]


def _entry(key: str, value: Any, indent: int) -> Iterator[str]:
    """A key and its value: on one line, or opened up."""
    start = f"{' ' * indent}{one_line(key)}:"
    if key in _LISTS and isinstance(value, list):
        yield start
        for item in value:
            yield from entry_lines(item, indent + 2)
    elif len(line := f"{start} {one_line(value)}") <= WIDTH or not isinstance(value, list | Mapping):
        yield line
    else:
        yield start
        yield from _opened(value, indent + 2)


def _opened(value: Any, indent: int) -> list[str]:
    """A map or list that begins on a line of its own: in brackets where what is in it fits, or an entry a line."""
    pieces = _pieces(value)
    if max(map(len, pieces)) + indent <= WIDTH and not _has_lists(value):
        return list(_filled(pieces, indent))
    if isinstance(value, Mapping):
        return _entries(value, indent)
    return [line for item in value for line in _listed(item, indent)]


def _has_lists(value: Any) -> bool:
    """Whether a list under one of these keys is in a map, or in an object in it."""
    if not isinstance(value, Mapping):
        return False
    return bool(_LISTS & value.keys()) or any(map(_has_lists, value.values()))


def _listed(item: Any, indent: int) -> list[str]:
    if isinstance(item, Mapping) and len(item) == 1 and isinstance(next(iter(item.values())), Mapping):
        return entry_lines(item, indent)
    return [f"{' ' * indent}- {one_line(item)}"]


def _pieces(value: Any) -> list[str]:
    """The parts of a map or list in brackets, between which a line may end."""
    if isinstance(value, Mapping):
        parts, brackets = [one_line({key: inner})[1:-1] for key, inner in value.items()], "{}"
    else:
        parts, brackets = [one_line(item) for item in value], "[]"
    ended = [f"{part}," for part in parts[:-1]] + [parts[-1] + brackets[1]]
    return [brackets[0] + ended[0], *(f" {part}" for part in ended[1:])]


def _filled(pieces: list[str], indent: int) -> Iterator[str]:
    """The parts over as few lines as hold them."""
    line = " " * indent + pieces[0]
    for piece in pieces[1:]:
        if len(line) + len(piece) > WIDTH:
            yield line
            line = " " * indent + piece
        else:
            line += piece
    yield line
