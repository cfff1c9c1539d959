"""The language's own maps: sections with fixed keys, and choices by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mnistspec.catalogue.kinds import AnyData, Field, Record, Tagged
from mnistspec.diagnostics import Fix
from mnistspec.edits import class_as_key, in_flow, inserted, line_end, one_item_each, put_inside
from mnistspec.hints import Hint, hint, hint_of_key, listed, still_open
from mnistspec.language import INPUT_FIELDS, SPEC, USE
from mnistspec.meanings import form
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from mnistspec.source import Span
from mnistspec.values.reading import PYTHON, Reading
from mnistspec.values.results import UNKNOWN, Settings, Tag, Unknown
from mnistspec.values.scalars import mismatch, words

# Keys of other programs that name Python objects.
CODE_KEYS = (PYTHON, "custom_objects")
# What is multiplied by elsewhere, where this language divides.
_FRACTION = re.compile(r"1\.?0* */ *([1-9][0-9]*)\.?0*")
# Keys under which other programs name a class.
_CLASS_KEYS = ("type", "name", "class", "class_name", "layer", "layer_type", "kind", "_target_")


def record(reading: Reading, node: Node, kind: Record) -> Settings | Unknown:
    """A map with fixed keys, or a bare value where the record says for which key it stands."""
    if isinstance(node, (ScalarNode, SequenceNode)):
        if kind.positional is None:
            return mismatch(reading, node, kind)
        return _positional(reading, node, kind, kind.positional)
    before = reading.unclear
    values: dict[str, Any] = {}
    spans: dict[str, Span] = {}
    key_spans: dict[str, Span] = {}
    unknown: list[Entry] = []
    for entry in node.entries:
        name = entry.name
        spans[name], key_spans[name] = entry.value.span, entry.key.span
        field = kind.fields.get(name)
        if field is None:
            unknown.append(entry)
        elif name == "input" and (meant := _named_inputs(reading, entry, kind, node)) is not None:
            values |= meant.values
            spans |= meant.spans
            key_spans |= meant.key_spans
        else:
            values[name] = reading.read(entry.value, field.kind)
    _fill(reading, values, kind, _unknown_keys(reading, unknown, kind, node), node)
    return Settings(values, spans, key_spans, node.span, clear=reading.unclear == before)


def _named_inputs(reading: Reading, entry: Entry, kind: Record, node: MappingNode) -> Settings | None:
    """Several inputs by name under the key of the only one: told, and read under the key that was meant."""
    value = entry.value
    if isinstance(value, MappingNode):
        strange = bool(value.entries) and value.entries[0].name not in INPUT_FIELDS
    else:
        first = value.items[0] if isinstance(value, SequenceNode) and value.items else None
        strange = isinstance(first, ScalarNode) and isinstance(first.value, str)
    if not strange:
        return None
    from mnistspec.values.named_inputs import read_named  # what only a mistake needs

    return read_named(reading, entry, kind, node)


def _positional(reading: Reading, node: Node, kind: Record, name: str) -> Settings | Unknown:
    found = _FRACTION.fullmatch(str(node.value)) if name == "divisor" and isinstance(node, ScalarNode) else None
    if found is not None:
        fix = Fix(node.span, found[1], certain=node.span.text == found[0])
        return reading.report(
            "E203", f"{kind.title} divides, and takes the number alone", node.span, f"write `{found[1]}`", fix=fix
        )
    values = {name: reading.read(node, kind.fields[name].kind)}
    _fill(reading, values, kind, set(), node)
    return Settings(values, {name: node.span}, {}, node.span)


def _fill(reading: Reading, values: dict[str, Any], kind: Record, misspelt: set[str], node: Node) -> None:
    """Puts defaults in for what is not written, and reports what must be written. What is misspelt is not known."""
    missing: dict[str, Field] = {}
    for name, field in kind.fields.items():
        if name in values:
            continue
        values[name] = UNKNOWN if field.required or name in misspelt else field.default
        if field.required and name not in misspelt:
            missing[name] = field
    if missing:
        span = Span(node.span.source, node.span.start, node.span.start)
        wanted = " and ".join(f"`{name}` ({field.doc})" for name, field in missing.items())
        help = f"add {' and '.join(_added(name, field) for name, field in missing.items())}"
        fix = _version_line(node) if list(missing) == ["mnistspec"] and isinstance(node, MappingNode) else None
        if fix is not None:
            help = "begin with `mnistspec: 1`"
        reading.report("E202", f"{kind.title} needs the key {wanted}", span, help, fix=fix)


def _added(name: str, field: Field) -> str:
    """The key with each of its few words, or with what it needs."""
    return " or ".join(f"`{name}: {word}`" for word in words(field.kind) or ("...",))


def _example(field: Field) -> str:
    """A value that a key can have, where it has one of a few words."""
    allowed = words(field.kind)
    return allowed[0] if allowed else "..."


def _version_line(node: MappingNode) -> Fix | None:
    """The line that says how to read the rest, before the spec's first key."""
    if not node.entries:
        return None
    source, start = node.span.source, node.span.start
    if in_flow(node):
        quote = '"' if node.entries[0].key.span.text.startswith('"') else ""
        return inserted(source, start + 1, f"{quote}mnistspec{quote}: 1, ")
    return inserted(source, start, f"mnistspec: 1{line_end(source)}{' ' * (node.span.column - 1)}")


def _unknown_keys(reading: Reading, unknown: list[Entry], kind: Record, node: MappingNode) -> set[str]:
    """Reports keys that the record does not have, and returns those that were probably meant."""
    if not unknown:
        return set()
    from mnistspec.values.commas import fallen_apart  # what only a mistake needs

    kinds = {name: field.kind for name, field in kind.fields.items()}
    unknown = fallen_apart(reading, node, unknown, lambda name: kinds.get(name, AnyData()))
    unknown = _without_contents(unknown)
    missing = [name for name, field in kind.fields.items() if field.required and name not in node]
    return {_unknown_key(reading, entry, kind, node, only(missing, unknown)) for entry in unknown}


def _without_contents(unknown: list[Entry]) -> list[Entry]:
    """The keys without those that stand below an empty section of the spec's, moved in along with it."""
    for place, entry in enumerate(unknown):
        field = SPEC.fields.get(entry.name)
        if field is not None and isinstance(field.kind, Record) and isinstance(entry.value, ScalarNode):
            inner = field.kind.fields
            return [*unknown[: place + 1], *(other for other in unknown[place + 1 :] if other.name not in inner)]
    return unknown


def _parameter(entry: Entry, kind: Record, node: MappingNode) -> Hint | None:
    """What a `use` gives to its block stands in `with`."""
    if kind is not USE:
        return None
    text = entry.value.span.text
    value = text if "\n" not in text else "..."
    return Hint("put it in `with`" if "with" in node else f"write `with: {{{entry.name}: {value}}}`")


def _unknown_key(reading: Reading, entry: Entry, kind: Record, node: MappingNode, missing: str | None) -> str:
    if entry.name in CODE_KEYS:
        reading.refuse_code(entry.name, entry.key.span)
        return ""
    near = hint_of_key(entry, node, still_open(entry, node, kind.fields), kind.title.strip("`"))
    near = near or _misplaced(entry.name, kind) or _parameter(entry, kind, node) or probably(missing)
    near = near or Hint(f"there are: {listed(kind.fields)}")
    reading.report("E201", f"{kind.title} has no key `{entry.name}`", entry.key.span, near.help, fix=near.fix)
    if near.is_certain and "=" not in entry.name:
        meant = kind.fields[near.names[0]].kind
        reading.look_inside(lambda: reading.read(entry.value, meant))
    return near.names[0] if near.names else ""


def _misplaced(name: str, kind: Record) -> Hint | None:
    """Where a key belongs that stands outside its section: in another one, or at the top."""
    if kind.title != SPEC.title and kind.title not in SPEC.fields:
        return None
    if name in SPEC.fields and kind.title != SPEC.title:
        return Hint(f"`{name}:` stands at the top of a spec, beside `{kind.title}:`")
    sections = {section: field.kind for section, field in SPEC.fields.items() if isinstance(field.kind, Record)}
    owners = [section for section, inner in sections.items() if name in inner.fields]
    told = f"it belongs under {' or '.join(f'`{owner}:`' for owner in owners)}"
    here = kind.title == SPEC.title and len(owners) == 1
    beside = [other for other in _required(sections[owners[0]]) if other != name] if here else []
    if beside:
        keys = [*(f"{other}: {_example(sections[owners[0]].fields[other])}" for other in beside), f"{name}: ..."]
        told = f"write `{owners[0]}: {{{', '.join(keys)}}}`"
    return Hint(told, None, tuple(owners) if here else ()) if owners else None


def _required(kind: Record) -> list[str]:
    return [name for name, field in kind.fields.items() if field.required]


def only(missing: list[str], unknown: list[Entry]) -> str | None:
    """The one name that is missing where one other stands too much: the two are probably the same mistake."""
    return missing[0] if len(missing) == len(unknown) == 1 else None


def probably(missing: str | None) -> Hint | None:
    """The guess that a strange name stands for the one that is missing."""
    return Hint(f"did you mean `{missing}`?", None, (missing,)) if missing is not None else None


def tagged(reading: Reading, node: Node, kind: Tagged) -> Tag | Unknown:
    """A choice by name: bare, or a map of one key with its settings."""
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return _bare_tag(reading, node, node.value, kind)
    if not isinstance(node, MappingNode):
        return mismatch(reading, node, kind)
    if len(node.entries) != 1:
        return not_one_key(reading, node, kind.title, kind.options, lambda moved: tagged(reading, moved, kind))
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
    required = _required(option)
    if required:
        message = f"`{name}` needs {' and '.join(f'`{key}`' for key in required)}"
        arguments = "..." if option.positional else f"{{{', '.join(f'{key}: ...' for key in required)}}}"
        return reading.report("E207", message, node.span, f"write `{{{name}: {arguments}}}`")
    values = {key: field.default for key, field in option.fields.items()}
    return Tag(name, Settings(values, {}, {}, node.span), node.span)


def _unknown_tag(reading: Reading, name: str, span: Span, kind: Tagged) -> Unknown:
    near = _file(name, span, kind) or hint(name, kind.options, span, kind.title)
    near = near or Hint(f"there are: {listed(kind.options)}")
    return reading.report("E204", f"`{name}` is not {kind.title}", span, near.help, fix=near.fix)


def _file(name: str, span: Span, kind: Tagged) -> Hint | None:
    """A file where the choice that reads it should stand: `img.npz` for `{npz: {path: img.npz}}`."""
    ending = name.rpartition(".")[2]
    option = kind.options.get(ending) if "." in name else None
    if option is None or "path" not in option.fields:
        return None
    others = [key for key in _required(option) if key != "path"]
    meant = f"{{{ending}: {{{', '.join([f'path: {span.text}', *(f'{key}: ...' for key in others)])}}}}}"
    itself = span.text.strip("\"'") == name
    return Hint(f"write `{meant}`", Fix(span, meant, certain=True) if itself and not others else None)


def not_one_key(
    reading: Reading, node: MappingNode, what: str, classes: Mapping[str, Any], read: Callable[[Node], object]
) -> Unknown:
    """Reports a map that should have one key, the name of a class or choice, and has none or several.

    Where it is plain what was meant, that is what `read` gets, for the other mistakes in it.
    """
    from mnistspec.values.commas import fallen_apart  # what only a mistake needs

    if not node.entries:
        message = f"{what} is a name, or a map with one key; this map is empty"
        return reading.report("E208", message, node.span, "remove it, or write a name")
    first, *rest = node.entries
    if rest and not fallen_apart(reading, node, rest, lambda name: AnyData()):
        return UNKNOWN
    inside = [entry for entry in rest if entry.name in classes]
    if not inside and (first.name in classes or _is_misspelt_class(first, rest)):
        return _too_shallow(reading, node, first, rest, classes, read)
    if first.name in classes and len(inside) == len(rest):
        return _several_in_one(reading, node, what)
    names = listed({entry.name: None for entry in node.entries})
    message = f"{what} is a map with exactly one key, its name; here are {names}"
    named = [(entry, entry.value.value) for entry in node.entries if isinstance(entry.value, ScalarNode)]
    for entry, word in named:
        name = _class_called(word, classes) if isinstance(word, str) else None
        if name is not None:
            fix = class_as_key(node, entry, name) if entry.name in _CLASS_KEYS else None
            help = f"write `{name}:` as the key, and the rest under it"
            if fix is not None and in_flow(node) and fix.text.startswith("{"):
                help = f"write `{fix.text}`"
            return reading.report("E208", message, node.span, help, fix=fix)
    return reading.report("E208", message, node.span, "make each an entry of its own")


def _class_called(word: str, classes: Mapping[str, Any]) -> str | None:
    """The class that a word names, as it is or as Keras' identifiers do: `adam`."""
    if word in classes:
        return word
    return next((name for name in classes if form(name) == form(word)), None)


def _is_misspelt_class(first: Entry, rest: Sequence[Entry]) -> bool:
    """Whether a key with nothing under it is written as classes are, and those beside it as arguments are."""
    empty = isinstance(first.value, ScalarNode) and first.value.value is None
    return empty and first.name[:1].isupper() and all(entry.name[:1].islower() for entry in rest)


def _too_shallow(
    reading: Reading,
    node: MappingNode,
    first: Entry,
    rest: Sequence[Entry],
    classes: Mapping[str, Any],
    read: Callable[[Node], object],
) -> Unknown:
    """Arguments beside their class."""
    message = f"the arguments of `{first.name}` stand beside it, not inside it"
    inner = first.value
    if isinstance(inner, ScalarNode) and inner.value is not None and isinstance(classes.get(first.name), Record):
        return _key_beside(reading, node, first, rest, classes[first.name])
    flow = in_flow(node) or (isinstance(inner, MappingNode) and in_flow(inner))
    help = f"put them into the braces of `{first.name}`" if flow else f"indent these lines under `{first.name}:`"
    fix = put_inside(node, first, rest)
    reading.report("E208", message, _stretch(node, first, rest), help, fix=fix)
    if fix is not None:
        before = inner.entries if isinstance(inner, MappingNode) else ()
        moved = replace(node, entries=(Entry(first.key, MappingNode((*before, *rest), node.span)),))
        reading.look_inside(lambda: read(moved))
    return UNKNOWN


def _key_beside(reading: Reading, node: MappingNode, first: Entry, rest: Sequence[Entry], kind: Record) -> Unknown:
    """`repeat: 3` and `layers:` beside it, for `repeat: {times: 3, layers: ...}`."""
    message = f"the arguments of `{first.name}` stand beside it, not inside it"
    keys = ", ".join((f"{_required(kind)[0]}: {first.value.span.text}", *(f"{entry.name}: ..." for entry in rest)))
    help = f"write `{first.name}: {{{keys}}}`"
    return reading.report("E208", message, _stretch(node, first, rest), help)


def _several_in_one(reading: Reading, node: MappingNode, what: str) -> Unknown:
    names = listed({entry.name: None for entry in node.entries})
    message = f"{what} is a map with exactly one key, its name; here are {names}"
    return reading.report("E208", message, node.span, "make each an entry of its own", fix=one_item_each(node))


def _stretch(node: MappingNode, first: Entry, rest: Sequence[Entry]) -> Span:
    """Where the rest of a map stands; its first key where a merge key brought the rest from elsewhere."""
    start, end = rest[0].key.span, rest[-1].value.span
    here = start.source is end.source is node.span.source and node.span.start <= start.start < end.end <= node.span.end
    return Span(start.source, start.start, end.end) if here else first.key.span
