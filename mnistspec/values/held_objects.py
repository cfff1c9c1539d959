"""Objects that stand among arguments without the argument that holds them: `Bidirectional: {LSTM: {units: 8}}`."""

from __future__ import annotations

from dataclasses import replace

from mnistspec.catalogue import Argument, ClassFacts
from mnistspec.catalogue.kinds import InnerModel, Kind, Listing, Object
from mnistspec.diagnostics import Fix
from mnistspec.edits import in_flow
from mnistspec.hints import Hint
from mnistspec.nodes import Entry, MappingNode, ScalarNode
from mnistspec.source import Span
from mnistspec.suggest import suggestion
from mnistspec.values.models import names_model
from mnistspec.values.reading import Reading
from mnistspec.values.scalars import options_of


def without_holder(
    reading: Reading, facts: ClassFacts, unknown: list[Entry], among: MappingNode
) -> tuple[list[Entry], str | None]:
    """Reports such objects, once; gives the strange keys that are left, and the argument that was meant."""
    objects = [entry for entry in unknown if _is_object(entry)]
    holders = _holders(reading, facts, objects, among) if objects else []
    if not holders:
        return unknown, None
    argument = facts.arguments[holders[0]]
    kinds = [_kind_of(reading, entry.name, argument.kind) for entry in objects]
    named = [_renamed(reading, entry, kind) for entry, kind in zip(objects, kinds, strict=True)]
    near = _way_out(argument, named, holders[1:])
    message = f"`{facts.name}` has no argument `{objects[0].name}`"
    reading.report("E206", message, objects[0].key.span, near.help, fix=near.fix)
    for entry, kind in zip(named, kinds, strict=True):
        _look_inside(reading, entry, kind)
    return [entry for entry in unknown if entry not in objects], argument.name


def _is_object(entry: Entry) -> bool:
    """Whether the key is written as a class is, with something under it."""
    return entry.name[:1].isupper() and not (isinstance(entry.value, ScalarNode) and entry.value.value is None)


def _holders(reading: Reading, facts: ClassFacts, objects: list[Entry], among: MappingNode) -> list[str]:
    """The arguments, not given yet, that take all of the objects: those that have to be given, if there are any."""
    takers = [
        argument
        for argument in facts.arguments.values()
        if argument.name not in among and _takes(reading, argument.kind, objects)
    ]
    return [argument.name for argument in takers if argument.required] or [argument.name for argument in takers]


def _takes(reading: Reading, kind: Kind, objects: list[Entry]) -> bool:
    single, several = _kinds(kind)
    fitting = several if len(objects) > 1 else (*single, *several)
    return any(all(_meant(reading, entry.name, one) for entry in objects) for one in fitting)


def _kinds(kind: Kind) -> tuple[list[Kind], list[Kind]]:
    """The objects that a kind allows by themselves, and in lists."""
    options = options_of(kind)
    items = [inner for option in options if isinstance(option, Listing) for inner in options_of(option.item)]
    return [one for one in options if isinstance(one, Object | InnerModel)], [
        one for one in items if isinstance(one, Object)
    ]


def _meant(reading: Reading, name: str, kind: Kind) -> str | None:
    """The name as an object of the kind has it, or what it was plainly meant for; None where it is none of the kind."""
    if not isinstance(kind, Object):
        return name if names_model(name) else None
    classes = reading.catalogue[kind.namespace].classes
    near = suggestion(name, classes, kind.namespace) if name not in classes else None
    return name if name in classes else near.names[0] if near is not None and near.certain else None


def _kind_of(reading: Reading, name: str, kind: Kind) -> Kind:
    """Which of the objects that a kind allows the name is of: one that has it as it is before all others."""
    single, several = _kinds(kind)
    fitting = [(one, _meant(reading, name, one)) for one in (*single, *several)]
    return min((pair for pair in fitting if pair[1]), key=lambda pair: pair[1] != name)[0]


def _renamed(reading: Reading, entry: Entry, kind: Kind) -> Entry:
    return replace(entry, key=replace(entry.key, value=_meant(reading, entry.name, kind)))


def _look_inside(reading: Reading, entry: Entry, kind: Kind) -> None:
    node = MappingNode((entry,), entry.key.span)
    reading.look_inside(lambda: reading.read(node, kind))


def _way_out(argument: Argument, objects: list[Entry], others: list[str]) -> Hint:
    if not all(_is_in_line(entry) for entry in objects):
        return Hint(f"write `{argument.name}:` above it, and indent it under that")
    written = [f"{{{entry.name}: {entry.value.span.text}}}" for entry in objects]
    alone = len(objects) == 1 and _kinds(argument.kind)[0]
    value = written[0] if alone else f"[{', '.join(written)}]"
    meant = f"{argument.name}: {value}"
    if others:
        return Hint(f"write `{meant}`, or the same as {' or '.join(f'`{other}`' for other in others)}")
    return Hint(f"write `{meant}`", _fix(objects, meant))


def _is_in_line(entry: Entry) -> bool:
    value = entry.value
    return "\n" not in value.span.text and (not isinstance(value, MappingNode) or in_flow(value))


def _fix(objects: list[Entry], meant: str) -> Fix | None:
    """The argument in the place of the one object, where that stands on one line."""
    key, value = objects[0].key.span, objects[0].value.span
    if len(objects) > 1 or key.source is not value.source or key.end > value.start:
        return None
    whole = Span(key.source, key.start, value.end)
    return Fix(whole, meant, certain=True) if "\n" not in whole.text else None
