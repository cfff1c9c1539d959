"""The language's own maps: sections with fixed keys, and choices by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mnistspec.catalogue.kinds import NotBuilt, Record, Tagged
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from mnistspec.source import Span
from mnistspec.suggest import suggest
from mnistspec.values.reading import Reading, listed
from mnistspec.values.results import UNKNOWN, Settings, Tag, Unknown
from mnistspec.values.scalars import mismatch

# Keys of other programs that name Python objects.
CODE_KEYS = ("python", "custom_objects")


def record(reading: Reading, node: Node, kind: Record) -> Settings | Unknown:
    """A map with fixed keys, or a bare value where the record says for which key it stands."""
    if isinstance(node, ScalarNode | SequenceNode):
        if kind.positional is None:
            return mismatch(reading, node, kind)
        return _positional(reading, node, kind, kind.positional)
    values: dict[str, Any] = {}
    for entry in node.entries:
        field = kind.fields.get(entry.name)
        if field is not None and isinstance(field.kind, NotBuilt):
            values[entry.name] = reading.not_built(f"{field.kind.what} (`{entry.name}`)", entry.key.span)
        elif field is not None:
            values[entry.name] = reading.read(entry.value, field.kind)
    unknown = [entry for entry in node.entries if entry.name not in kind.fields]
    _fill(reading, values, kind, _unknown_keys(reading, unknown, kind, node), node)
    spans = {entry.name: entry.value.span for entry in node.entries}
    return Settings(values, spans, {entry.name: entry.key.span for entry in node.entries}, node.span)


def _positional(reading: Reading, node: Node, kind: Record, name: str) -> Settings:
    values = {name: reading.read(node, kind.fields[name].kind)}
    _fill(reading, values, kind, set(), node)
    return Settings(values, {name: node.span}, {}, node.span)


def _fill(reading: Reading, values: dict[str, Any], kind: Record, misspelt: set[str], node: Node) -> None:
    """Puts defaults in for what is not written, and reports what must be written."""
    absent = {name: field for name, field in kind.fields.items() if name not in values}
    values.update({name: UNKNOWN if field.required else field.default for name, field in absent.items()})
    missing = {name: field.doc for name, field in absent.items() if field.required and name not in misspelt}
    if missing:
        span = Span(node.span.source, node.span.start, node.span.start)
        wanted = " and ".join(f"`{name}` ({doc})" for name, doc in missing.items())
        help = f"add {' and '.join(f'`{name}: ...`' for name in missing)}"
        reading.report("E202", f"{kind.title} needs the key {wanted}", span, help)


def _unknown_keys(reading: Reading, unknown: list[Entry], kind: Record, node: MappingNode) -> set[str]:
    """Reports keys that the record does not have, and returns those that were probably meant."""
    if not unknown:
        return set()
    missing = [name for name, field in kind.fields.items() if field.required and name not in node]
    return {_unknown_key(reading, entry, kind, node, only(missing, unknown)) for entry in unknown}


def _unknown_key(reading: Reading, entry: Entry, kind: Record, node: MappingNode, missing: str | None) -> str:
    if entry.name in CODE_KEYS:
        reading.refuse_code(entry.name, entry.key.span)
        return ""
    near = suggest(entry.name, (name for name in kind.fields if name not in node)) or missing
    help = f"did you mean `{near}`?" if near else f"there are: {listed(kind.fields)}"
    reading.report("E201", f"{kind.title} has no key `{entry.name}`", entry.key.span, help)
    return near or ""


def only(missing: list[str], unknown: list[Entry]) -> str | None:
    """The one name that is missing where one other stands too much: the two are probably the same mistake."""
    return missing[0] if len(missing) == len(unknown) == 1 else None


def tagged(reading: Reading, node: Node, kind: Tagged) -> Tag | Unknown:
    """A choice by name: bare, or a map of one key with its settings."""
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return _bare_tag(reading, node, node.value, kind)
    if not isinstance(node, MappingNode):
        return mismatch(reading, node, kind)
    if len(node.entries) != 1:
        return not_one_key(reading, node, kind.title, kind.options)
    entry = node.entries[0]
    option = kind.titled.get(entry.name)
    if option is None:
        return _unknown_tag(reading, entry.name, entry.key.span, kind)
    settings = reading.read(entry.value, option)
    return UNKNOWN if isinstance(settings, Unknown) else Tag(entry.name, settings, entry.key.span)


def _bare_tag(reading: Reading, node: ScalarNode, name: str, kind: Tagged) -> Tag | Unknown:
    option = kind.options.get(name)
    if option is None:
        return _unknown_tag(reading, name, node.span, kind)
    required = [key for key, field in option.fields.items() if field.required]
    if required:
        message = f"`{name}` needs {' and '.join(f'`{key}`' for key in required)}"
        arguments = "..." if option.positional else f"{{{', '.join(f'{key}: ...' for key in required)}}}"
        return reading.report("E207", message, node.span, f"write `{{{name}: {arguments}}}`")
    values = {key: field.default for key, field in option.fields.items()}
    return Tag(name, Settings(values, {}, {}, node.span), node.span)


def _unknown_tag(reading: Reading, name: str, span: Span, kind: Tagged) -> Unknown:
    near = suggest(name, kind.options)
    help = f"did you mean `{near}`?" if near else f"there are: {listed(kind.options)}"
    return reading.report("E204", f"`{name}` is not {kind.title}", span, help)


def not_one_key(reading: Reading, node: MappingNode, what: str, classes: Mapping[str, Any]) -> Unknown:
    """Reports a map that should have one key, the name of a class or choice, and has none or several."""
    if not node.entries:
        message = f"{what} is a name, or a map with one key; this map is empty"
        return reading.report("E208", message, node.span, "remove it, or write a name")
    first, *rest = node.entries
    if first.name in classes and not any(entry.name in classes for entry in rest):
        message = f"the arguments of `{first.name}` stand beside it, not inside it"
        return reading.report("E208", message, _stretch(node, first, rest), f"indent these lines under `{first.name}:`")
    names = listed({entry.name: None for entry in node.entries})
    message = f"{what} is a map with exactly one key, its name; here are {names}"
    named = [entry.value.value for entry in node.entries if isinstance(entry.value, ScalarNode)]
    inside = next((name for name in named if isinstance(name, str) and name in classes), None)
    help = f"write `{inside}:` as the key, and the rest under it" if inside else "make each an entry of its own"
    return reading.report("E208", message, node.span, help)


def _stretch(node: MappingNode, first: Entry, rest: Sequence[Entry]) -> Span:
    """Where the rest of a map stands; its first key where a merge key brought the rest from elsewhere."""
    start, end = rest[0].key.span, rest[-1].value.span
    here = start.source is end.source is node.span.source and node.span.start <= start.start < end.end <= node.span.end
    return Span(start.source, start.start, end.end) if here else first.key.span
