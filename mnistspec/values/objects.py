"""Objects of Keras: a bare name, or a map of one class and its arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mnistspec.calls import Call
from mnistspec.catalogue import ClassFacts
from mnistspec.catalogue.activations import LAYER_OF
from mnistspec.catalogue.kinds import Kind, Object
from mnistspec.catalogue.refused import FUNCTION
from mnistspec.catalogue.words import describe_kind
from mnistspec.edits import alone, renamed
from mnistspec.frozen import dataclass
from mnistspec.hints import Hint, hint_of_key, still_open
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, describe
from mnistspec.source import Span
from mnistspec.values.python_objects import read_python
from mnistspec.values.reading import ALLOWED, PYTHON, PYTHON_FORM, Reading
from mnistspec.values.records import CODE_KEYS, not_one_key, only, probably
from mnistspec.values.results import UNKNOWN, Unknown
from mnistspec.values.scalars import mismatch


def has_object_form(reading: Reading, node: Node, namespace: str) -> bool:
    """Whether the node could be meant as an object, and not as a map by output name."""
    if isinstance(node, ScalarNode):
        return isinstance(node.value, str)
    if not isinstance(node, MappingNode) or not node.entries:
        return False
    first, classes = node.entries[0], reading.catalogue[namespace].classes
    if first.name in classes or first.name in CODE_KEYS:
        return True
    named = first.name[:1].isupper() or first.name in reading.catalogue[namespace].identifiers
    if len(node.entries) > 1 or not named or not isinstance(first.value, MappingNode):
        return False
    # An output may be named with a capital, or as a loss is: `Digit: {MeanSquaredError: {}}`.
    return not any(entry.name in classes for entry in first.value.entries)


def read_object(reading: Reading, node: Node, namespace: str) -> Call | Unknown:
    """An object of the namespace, or UNKNOWN after reporting why it is none."""
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return _bare_object(reading, node, node.value, namespace)
    if not isinstance(node, MappingNode):
        return mismatch(reading, node, Object(namespace))
    if len(node.entries) != 1:
        what, classes = describe_kind(Object(namespace)), reading.catalogue[namespace].classes
        return not_one_key(reading, node, what, classes, lambda moved: read_object(reading, moved, namespace))
    entry = node.entries[0]
    if entry.name == PYTHON and reading.allow_code:
        return read_python(reading, entry, namespace)
    facts = class_named(reading, entry.name, entry.key.span, namespace, arguments=entry)
    if facts is None:
        return UNKNOWN
    if namespace == "activations" and facts.name not in LAYER_OF:
        message = f"Keras cannot save `{facts.name}` with arguments of its own"
        with_arguments = ", ".join(f"`{name}`" for name in LAYER_OF)
        help = f"write `{facts.name}` alone; {with_arguments} take arguments"
        return reading.report("E204", message, entry.key.span, help)
    return read_call(reading, facts, entry)


def _bare_object(reading: Reading, node: ScalarNode, name: str, namespace: str) -> Call | Unknown:
    known = reading.catalogue[namespace]
    facts = known.find(name)
    if facts is None or facts.refused:
        class_named(reading, name, node.span, namespace, bare=True)
        return UNKNOWN
    if name not in known.identifiers and facts.required:
        return _missing(reading, facts, [*facts.required], node.span, bare=True)
    return Call(facts, {}, node.span, {}, bare=name)


def class_named(
    reading: Reading,
    name: str,
    span: Span,
    namespace: str,
    *,
    bare: bool = False,
    arguments: Entry | None = None,
    skip: Sequence[str] = (),
) -> ClassFacts | None:
    """The class of that name, or None after reporting that there is none or that a spec may not use it.

    Where it is plain which class was meant, mistakes in `arguments` are reported too.
    """
    known = reading.catalogue[namespace]
    if name in CODE_KEYS:
        reading.refuse_code(name, span)
        return None
    facts = known.classes.get(name)
    if facts is not None and not facts.refused:
        return facts
    what = describe_kind(Object(namespace)).split(" ", 1)[1]
    if facts is not None:
        help = (
            f"write `{PYTHON_FORM}`, an object of your own; {ALLOWED}" if facts.refused.startswith(FUNCTION) else None
        )
        reading.report("E210", f"`{name}` cannot be used in a spec: {facts.refused}", span, help)
    elif name in known.identifiers:
        spelled, certain = known.identifiers[name], name not in known.picked_by_shape
        fix = renamed(span, name, spelled, certain=certain)
        reading.report(
            "E205", f"`{name}` is a name without arguments", span, f"with arguments it is spelled `{spelled}`", fix=fix
        )
        if certain and arguments is not None:
            _look_at(reading, known.classes[spelled], arguments, skip)
    else:
        from mnistspec.values.meant import near_class  # what only a mistake needs

        near = near_class(reading, name, span, namespace, bare, arguments)
        reading.report("E205", f"Keras has no {what} `{name}`", span, near.help, fix=near.fix)
        if arguments is not None and near.is_certain and near.names[0] in known.classes:
            _look_at(reading, known.classes[near.names[0]], arguments, skip)
    return None


def _look_at(reading: Reading, meant: ClassFacts, arguments: Entry, skip: Sequence[str]) -> None:
    """Reports the mistakes in the arguments of a class that is named in another way than a spec's."""
    reading.look_inside(lambda: read_call(reading, meant, arguments, skip))


def read_call(reading: Reading, facts: ClassFacts, entry: Entry, skip: Sequence[str] = ()) -> Call | Unknown:
    """The object of one class with the arguments under its key; `skip` names keys that are not arguments."""
    if reading.hidden(entry.value):
        return UNKNOWN
    if not isinstance(entry.value, MappingNode):
        return _not_arguments(reading, facts, entry)
    values: dict[str, Any] = {}
    spans: dict[str, Span] = {}
    unknown: list[Entry] = []
    nodes: list[Entry] = []
    for argument in entry.value.entries:
        name = argument.name
        if name in skip:
            continue
        spans[name] = argument.value.span
        if facts.tensors and name in facts.arguments and facts.arguments[name].tensor and _is_text(reading, argument):
            nodes.append(argument)
            values[name] = UNKNOWN
        elif name in facts.arguments:
            values[name] = reading.read(argument.value, facts.arguments[name].kind)
        else:
            unknown.append(argument)
    if nodes:
        _nodes_as_constants(reading, facts, nodes, entry.value.get("from"))
    missing = [name for name in facts.required if name not in values]
    strange = _Strange(missing)
    if unknown:
        strange = _look_at_strange(reading, facts, entry.value, unknown, missing, skip)
    # What a misspelt class needs is told once its name is right.
    if strange.missing and entry.name in reading.catalogue[facts.namespace].classes:
        _missing(reading, facts, strange.missing, entry.key.span)
    known = {name: value for name, value in values.items() if value is not UNKNOWN}
    if "name" in known and facts.namespace == "layers" and "/" in str(known["name"]):
        reading.report("E204", "a name has no `/`, which Keras uses for paths", spans["name"])
    if strange.misspelt & set(skip):
        return UNKNOWN
    complete = not strange.missing and not unknown and len(known) == len(values)
    return Call(facts, known, entry.key.span, spans, complete=complete)


@dataclass(frozen=True)
class _Strange:
    """What is still missing of a call's arguments, and which were meant by misspelt ones."""

    missing: list[str]
    misspelt: frozenset[str] = frozenset()


def _look_at_strange(
    reading: Reading,
    facts: ClassFacts,
    node: MappingNode,
    unknown: list[Entry],
    missing: list[str],
    skip: Sequence[str],
) -> _Strange:
    """Reports the keys of a call that are no arguments of its class."""
    from mnistspec.values.commas import fallen_apart  # what only a mistake needs
    from mnistspec.values.held_objects import without_holder

    unknown = fallen_apart(reading, node, unknown, lambda name: _kind_of(facts, name))
    strange, held = without_holder(reading, facts, unknown, node)
    missing = [name for name in missing if name != held]
    if _shared_out(reading, facts, strange, missing):
        return _Strange([])
    names, near = (*facts.arguments, *skip), only(missing, strange)
    misspelt = frozenset(_unknown_argument(reading, facts, name, node, names, near) for name in strange)
    return _Strange([name for name in missing if name not in misspelt], misspelt)


def _is_text(reading: Reading, entry: Entry) -> bool:
    return (
        isinstance(entry.value, ScalarNode) and isinstance(entry.value.value, str) and not reading.hidden(entry.value)
    )


def _nodes_as_constants(reading: Reading, facts: ClassFacts, nodes: Sequence[Entry], source: Node | None) -> None:
    """`x1: stem` for `from: {x1: stem}`: what stands beside `from` are constants."""
    first, names = nodes[0], [entry.name for entry in nodes]
    free = [argument.name for argument in facts.tensors if argument.name not in names]
    before = [f"{free[0]}: {source.span.text}"] if isinstance(source, ScalarNode) and free else []
    named = ", ".join([*before, *(f"{entry.name}: {entry.value.span.text}" for entry in nodes)])
    message = f"`{first.name}` of {facts.name} is a constant here, and `{first.value.span.text}` is none"
    reading.report("E203", message, first.value.span, f"a node is named in `from`: `from: {{{named}}}`")


def _shared_out(reading: Reading, facts: ClassFacts, strange: Sequence[Entry], missing: Sequence[str]) -> bool:
    """Whether one list stands for all that is missing, `size: [4, 4]` for a height and a width; reports it then."""
    value = strange[0].value if len(strange) == 1 and len(missing) > 1 else None
    if not isinstance(value, SequenceNode) or len(value.items) != len(missing):
        return False
    meant = ", ".join(f"{name}: {item.span.text}" for name, item in zip(missing, value.items, strict=True))
    message = f"`{facts.name}` has no argument `{strange[0].name}`"
    reading.report("E206", message, strange[0].key.span, f"write `{meant}`")
    return True


def _kind_of(facts: ClassFacts, name: str) -> Kind | None:
    argument = facts.arguments.get(name)
    return argument.kind if argument is not None else None


def _not_arguments(reading: Reading, facts: ClassFacts, entry: Entry) -> Unknown:
    from mnistspec.values.meant import meant_arguments, one_argument  # what only a mistake needs

    required = [argument.name for argument in facts.arguments.values() if argument.required]
    value, first = entry.value, required[0] if required else None
    if isinstance(value, ScalarNode) and value.value is None:
        help = f"write `{facts.name}: {{{first}: ...}}`" if first else f"without arguments write `{facts.name}`"
        fix = None if first else alone(entry)
        return reading.report("E203", f"`{facts.name}:` is followed by nothing", entry.key.span, help, fix=fix)
    message = f"the arguments of `{facts.name}` are a map, not {describe(value)}"
    if isinstance(value, ScalarNode) and isinstance(value.value, str):
        near = one_argument(value, facts)
        if near is not None:
            return reading.report("E203", message, value.span, near.help, fix=near.fix)
    near = meant_arguments(reading, facts, value, required)
    return reading.report("E203", message, value.span, near.help, fix=near.fix)


def _unknown_argument(
    reading: Reading,
    facts: ClassFacts,
    given: Entry,
    among: MappingNode,
    known: Sequence[str],
    missing: str | None,
) -> str:
    from mnistspec.values.meant import argument_of, listed_arguments, of_the_call  # what only a mistake needs

    near = of_the_call(facts, given, among)
    near = near or hint_of_key(given, among, still_open(given, among, known), f"arguments of {facts.namespace}")
    bare = argument_of(reading, facts, given) if near is None else None
    near = near or bare or probably(missing) or Hint(listed_arguments(facts.arguments))
    message = f"`{facts.name}` has no argument `{given.name}`"
    reading.report("E206", message, given.key.span, near.help, fix=near.fix)
    if bare is None and near.is_certain and near.names[0] in facts.arguments and "=" not in given.name:
        kind = facts.arguments[near.names[0]].kind
        reading.look_inside(lambda: reading.read(given.value, kind))
    return near.names[0] if near.names else ""


def _missing(reading: Reading, facts: ClassFacts, names: Sequence[str], span: Span, *, bare: bool = False) -> Unknown:
    wanted = " and ".join(f"`{name}`" for name in names)
    form = ", ".join(f"{name}: ..." for name in names)
    help = f"write `{facts.name}: {{{form}}}`" if bare else f"add `{form}`"
    return reading.report("E207", f"`{facts.name}` needs {wanted}", span, help)
