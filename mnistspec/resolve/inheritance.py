"""`extends`: a spec on top of others, maps merged deeply, lists replaced, keys set to null removed.

A spec may come from anybody, and what it extends is read and shown: so these are regular files in the folder of the
spec that was asked for, or below it, links followed, few and small together.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from mnistspec.catalogue.kinds import Either, Kind, Object, Record, Table, Tagged
from mnistspec.diagnostics import Diagnostic, Outcome, UsageError, has_errors
from mnistspec.enough import Found
from mnistspec.language import SPEC
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from mnistspec.parse import MAX_BYTES, parse, read_source
from mnistspec.resolve.bounds import MAX_NODES, extent
from mnistspec.schema import unknown_version
from mnistspec.source import Source, Span

MAX_FILES = 32
# The arguments of a class: each may be an object in turn.
_ARGUMENTS = Table(Object("layers"))


@dataclass
class _Reading:
    """The reading of everything that one spec extends: what was found on the way, and how much was read."""

    folder: Path
    diagnostics: list[Diagnostic] = field(default_factory=Found)
    files: int = 0
    characters: int = 0
    values: int = 0

    def report(self, message: str, span: Span, help: str, code: str = "E305") -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help))

    def shown(self, file: Path) -> str:
        """A file as seen from the folder; by its name where a link to it stands there."""
        return str(file.relative_to(self.folder)) if file.is_relative_to(self.folder) else file.name


def inherit(root: MappingNode, source: Source) -> Outcome[MappingNode]:
    """The spec on top of what it extends, without its `extends`; as it is where that cannot be had."""
    if "extends" not in root:
        return Outcome(root)
    reading = _Reading(source.folder.resolve(), characters=len(source.text), values=extent(root).nodes)
    own = (source.path or Path(source.name)).resolve()
    merged = _on_top(reading, root, source, (own,))
    failed = has_errors(reading.diagnostics) or "extends" in merged
    return Outcome(root if failed else merged, tuple(reading.diagnostics))


def _on_top(reading: _Reading, root: MappingNode, source: Source, trail: tuple[Path, ...]) -> MappingNode:
    """A spec merged onto those that it names, the later of these onto the earlier."""
    named = root.get("extends")
    places = [*_named(named)] if named is not None else []
    if named is None or len(places) != _count(named):
        return root  # what is no name is told when the form is looked at
    below: MappingNode | None = None
    for place in places[: MAX_FILES + 1]:
        base = _base(reading, place, source, trail)
        if base is not None:
            below = base if below is None else _merged(below, base, SPEC)
    own = replace(root, entries=tuple(entry for entry in root.entries if entry.name != "extends"))
    return _merged(below, own, SPEC) if below is not None else own


def _count(node: Node) -> int:
    return len(node.items) if isinstance(node, SequenceNode) else 1


def _named(node: Node) -> Iterator[ScalarNode]:
    for item in node.items if isinstance(node, SequenceNode) else (node,):
        if isinstance(item, ScalarNode) and isinstance(item.value, str):
            yield item


def _base(reading: _Reading, place: ScalarNode, source: Source, trail: tuple[Path, ...]) -> MappingNode | None:
    """What a name leads to, with all that it extends in turn; None after reporting why there is nothing."""
    found = _read(reading, str(place.value), place.span, source, trail)
    if found is None:
        return None
    outcome = parse(found)
    reading.diagnostics.extend(outcome.diagnostics)
    if outcome.value is None:
        return None
    reading.values += extent(outcome.value).nodes
    if reading.values > MAX_NODES:
        reading.report(f"the spec and what it extends have more than {MAX_NODES:,} values", place.span,
                       "keep long lists in files of their own", "E107")  # fmt: skip
        return None
    wrong = unknown_version(outcome.value)
    if wrong is not None:
        reading.diagnostics.append(wrong)
        return None
    assert found.path is not None
    base = _on_top(reading, outcome.value, found, (*trail, found.path.resolve()))
    if "extends" in base:
        reading.report("`extends` is the name of a file, or a list of names", base.get("extends").span,  # type: ignore[union-attr]
                       "write `extends: base.yaml`", "E203")  # fmt: skip
    return base


def _read(reading: _Reading, name: str, span: Span, source: Source, trail: tuple[Path, ...]) -> Source | None:
    """The text of a file that a spec extends, within the bounds on where and how much."""
    if "${" in name:
        reading.report("`extends` is read before variables are", span, "write the name of the file")
        return None
    path = source.folder / name
    shown = os.path.normpath(Path(source.name).parent / name) if source.path is not None else os.path.normpath(name)
    try:
        real = path.resolve()
    except (OSError, ValueError, RuntimeError):
        reading.report(f"there is no file `{name}`", span, "name a file from this one's folder on")
        return None
    if not real.is_relative_to(reading.folder):
        reading.report(f"`{name}` is outside of the spec's folder, from where nothing is read", span,
                       "keep what a spec extends in its folder, or in one below")  # fmt: skip
        return None
    if real in trail:
        names = [reading.shown(file) for file in (*trail[trail.index(real) :], real)]
        reading.report(f"specs that extend each other: {' -> '.join(f'`{file}`' for file in names)}", span,
                       "let one of them stand by itself")  # fmt: skip
        return None
    reading.files += 1
    if reading.files > MAX_FILES:
        if reading.files == MAX_FILES + 1:
            reading.report(f"the spec extends more than {MAX_FILES} files", span, "merge some of them", "E107")
        return None
    return _text(reading, path, name, shown, span)


def _text(reading: _Reading, path: Path, name: str, shown: str, span: Span) -> Source | None:
    try:
        if not path.is_file():
            what = "is no file" if path.exists() else "is not there"
            reading.report(f"`{name}`, which the spec extends, {what}", span, "name a file from this one's folder on")
            return None
        outcome = read_source(path, shown)
    except (UsageError, OSError):
        reading.report(f"`{name}`, which the spec extends, cannot be read", span, "name a file that can be read")
        return None
    reading.diagnostics.extend(outcome.diagnostics)
    if outcome.value is None:
        return None
    reading.characters += len(outcome.value.text)
    if reading.characters > MAX_BYTES:
        reading.report("the spec and what it extends are longer than a spec may be", span,
                       f"keep them to {MAX_BYTES // 1024 // 1024} MiB together", "E107")  # fmt: skip
        return None
    return outcome.value


def _merged(below: MappingNode, above: MappingNode, kind: Kind | None) -> MappingNode:
    """Two maps as one: the keys of the lower in their order, then what only the upper has; null takes a key away."""
    entries = {entry.name: entry for entry in below.entries}
    for entry in above.entries:
        old = entries.get(entry.name)
        removed = isinstance(entry.value, ScalarNode) and entry.value.value is None
        if removed and old is not None:
            del entries[entry.name]
        elif old is not None:
            entries[entry.name] = Entry(entry.key, _value(old.value, entry.value, _inside(kind, entry.name)))
        else:
            entries[entry.name] = entry
    return MappingNode(tuple(entries.values()), above.span)


def _value(old: Node, new: Node, kind: Kind | None) -> Node:
    both_maps = isinstance(old, MappingNode) and isinstance(new, MappingNode)
    if not both_maps or _is_another(old, new, kind):
        return new
    return _merged(old, new, kind)  # type: ignore[arg-type]


def _inside(kind: Kind | None, name: str) -> Kind | None:
    """The kind of a key's value, where the language's tables have it."""
    for option in _options(kind):
        if isinstance(option, Record) and name in option.fields:
            return option.fields[name].kind
        if isinstance(option, Tagged) and name in option.options:
            return option.options[name]
        if isinstance(option, Object) and name[:1].isupper():
            return _ARGUMENTS
    for option in _options(kind):
        if isinstance(option, Table):
            return option.value
    return None


def _is_another(old: Node, new: Node, kind: Kind | None) -> bool:
    """Whether two maps of one key are objects of two classes, of which the upper takes the place of the lower."""
    assert isinstance(old, MappingNode) and isinstance(new, MappingNode)
    names = [*old.names(), *new.names()]
    if len(old.entries) != 1 or len(new.entries) != 1 or names[0] == names[1]:
        return False
    return any(
        (isinstance(option, Object) and all(name[:1].isupper() for name in names))
        or (isinstance(option, Tagged) and all(name in option.options for name in names))
        for option in _options(kind)
    )


def _options(kind: Kind | None) -> Sequence[Kind]:
    if kind is None:
        return ()
    return kind.options if isinstance(kind, Either) else (kind,)
