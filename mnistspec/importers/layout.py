"""The text of an imported spec: what fits on a line stands on one, and no line is longer than it must be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from mnistspec.exporters.resolved import Dumper

WIDTH = 120
# Keys under which every entry has a line of its own.
_LISTS = frozenset(["layers"])
_STEP = "  "


class _OneLine(Dumper):
    """Everything on one line, expressions in double quotes."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    quoted = "${" in text or "\n" in text or "\t" in text
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if quoted else None)


def _represent_list(dumper: yaml.SafeDumper, values: list[Any]) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=True)


_OneLine.add_representer(str, _represent_text)
_OneLine.add_representer(list, _represent_list)


def one_line(value: Any) -> str:
    """The value as one line of YAML, however long, as it can stand inside brackets."""
    text: str = yaml.dump([value], Dumper=_OneLine, default_flow_style=True, sort_keys=False, allow_unicode=True,
                          width=float("inf"))  # fmt: skip
    return text.rstrip("\n")[1:-1]


def spec_layout(spec: Mapping[str, Any]) -> str:
    """A spec as text: sections and blocks opened up, entries on a line each where they fit."""
    lines = [line for key, value in spec.items() for line in _section(key, value)]
    return "".join(f"{line}\n" for line in lines)


def entry_lines(entry: Any, indent: int) -> list[str]:
    """An entry of a list of layers, its dash `indent` characters from the left."""
    start = f"{' ' * indent}- "
    if not isinstance(entry, Mapping) or len(line := start + one_line(entry)[1:-1]) <= WIDTH:
        return [start + one_line(entry)] if not isinstance(entry, Mapping) else [line]
    ((kind, body),) = entry.items()
    return [f"{start}{one_line(kind)}:", *_entries(body, indent + 4)]


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
    elif isinstance(value, Mapping):
        yield start
        yield from _entries(value, indent + 2)
    else:
        yield start
        yield from _filled(value, indent + 2)


def _filled(values: list[Any], indent: int) -> Iterator[str]:
    """A list in brackets over as few lines as hold it; one entry a line where one does not fit."""
    pieces = [f"{one_line(value)}," for value in values]
    if max(map(len, pieces)) + indent > WIDTH:
        for value in values:
            yield from entry_lines(value, indent) if _is_object(value) else [f"{' ' * indent}- {one_line(value)}"]
        return
    pieces[-1] = f"{pieces[-1][:-1]}]"
    line = f"{' ' * indent}[{pieces[0]}"
    for piece in pieces[1:]:
        if len(line) + 1 + len(piece) > WIDTH:
            yield line
            line = " " * (indent + 1) + piece
        else:
            line += f" {piece}"
    yield line


def _is_object(value: Any) -> bool:
    return isinstance(value, Mapping) and len(value) == 1 and isinstance(next(iter(value.values())), Mapping)
