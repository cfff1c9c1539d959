"""Objects of Keras: a bare name, or a map of one class and its arguments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from mnistspec.catalogue import ClassFacts
from mnistspec.catalogue.activations import LAYER_OF
from mnistspec.catalogue.kinds import Kind, Object, describe_kind
from mnistspec.catalogue.refused import FUNCTION
from mnistspec.diagnostics import Fix
from mnistspec.edits import alone, renamed, without_dashes
from mnistspec.hints import Hint, hint, hint_of_key, still_open
from mnistspec.language import NESTED
from mnistspec.meanings import form, meanings
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, describe
from mnistspec.source import Span
from mnistspec.spec import Call
from mnistspec.values.commas import fallen_apart
from mnistspec.values.python_objects import read_python
from mnistspec.values.reading import ALLOWED, PYTHON, PYTHON_FORM, Reading, fits, listed
from mnistspec.values.records import CODE_KEYS, not_one_key, only, probably
from mnistspec.values.results import UNKNOWN, Unknown
from mnistspec.values.scalars import mismatch, options_of

# Of more classes than these a message gives the page instead of the names.
_MANY = 30


def has_object_form(reading: Reading, node: Node, namespace: str) -> bool:
    """Whether the node could be meant as an object, and not as a map by output name."""
    if isinstance(node, ScalarNode):
        return isinstance(node.value, str)
    if not isinstance(node, MappingNode) or not node.entries:
        return False
    first, classes = node.entries[0], reading.catalogue[namespace].classes
    if first.name in classes or first.name in CODE_KEYS:
        return True
    if len(node.entries) > 1 or not first.name[:1].isupper() or not isinstance(first.value, MappingNode):
        return False
    # An output may be named with a capital: `Digit: {MeanSquaredError: {}}`.
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
        help = f"with arguments it is spelled `{known.identifiers[name]}`"
        fix = renamed(span, name, known.identifiers[name], certain=name not in known.picked_by_shape)
        reading.report("E205", f"`{name}` is a name without arguments", span, help, fix=fix)
    else:
        near = _near_class(reading, name, span, namespace, bare)
        reading.report("E205", f"Keras has no {what} `{name}`", span, near.help, fix=near.fix)
        if arguments is not None and near.is_certain and near.names[0] in known.classes:
            meant, entry = known.classes[near.names[0]], arguments
            reading.look_inside(lambda: read_call(reading, meant, entry, skip))
    return None


def _near_class(reading: Reading, name: str, span: Span, namespace: str, bare: bool) -> Hint:
    if "${" in name:
        return Hint("`${...}` stands in values, not in keys; let it be the whole entry")
    if name in reading.blocks and namespace == "layers":
        return Hint(f"a block is put in by `use: {{block: {name}}}`")
    if name in NESTED and namespace == "layers":
        return Hint("a nested model is an entry of `layers`, and no part of another layer")
    if name.endswith(")"):
        called = _python_call(reading, name, span, namespace)
        if called is not None:
            return called
    parted = _parted(reading, name, span, namespace) if " " in name else None
    if parted is not None:
        return parted
    known = reading.catalogue[namespace]
    allowed = {other: None for other, facts in known.classes.items() if not facts.refused}
    near = hint(name, (*allowed, *known.identifiers) if bare else allowed, span, namespace)
    near = near or (None if bare else hint(name, (PYTHON,), span))
    elsewhere = [other for other in reading.catalogue.namespaces if name in reading.catalogue[other].classes]
    if near is not None:
        return near.in_doubt() if elsewhere and _is_slip(near, name, namespace) else near
    if elsewhere:
        return Hint(f"`{name}` is {describe_kind(Object(elsewhere[0]))}")
    names = {other: None for other in allowed if known.classes[other].name == other}
    if len(names) > _MANY:
        return Hint(f"they are listed at {next(iter(known.classes.values())).url}")
    return Hint(f"there are: {listed(names)}")


def _parted(reading: Reading, name: str, span: Span, namespace: str) -> Hint | None:
    """`Dense {units: 10}` without its colon, and names below each other without their dashes."""
    words, classes = name.split(), reading.catalogue[namespace].classes
    if words[0] not in classes:
        return None
    if words[1].startswith("{") and span.text == name:
        end = span.start + len(words[0])
        return Hint(f"put a `:` behind `{words[0]}`", Fix(Span(span.source, end, end), ":", certain=True))
    if not all(word in classes for word in words):
        return None
    dash = span.source.text[span.source.line_bounds(span.line)[0] : span.start]
    fix = Fix(span, f"\n{dash}".join(words), certain=True) if dash.strip(" ") == "-" else None
    return Hint(f"begin each with `- ` on a line of its own: `- {words[1]}`", fix)


def _python_call(reading: Reading, name: str, span: Span, namespace: str) -> Hint | None:
    """What a call written as Python writes it is in a spec."""
    from mnistspec.values.python_text import as_entry  # few specs hold Python

    entry = as_entry(name, reading.catalogue, namespace)
    if entry is None:
        near = hint(name.partition("(")[0], reading.catalogue[namespace].classes, span, namespace)
        return Hint(near.help) if near is not None else None
    source = span.source
    alone = not source.text[source.line_bounds(span.line)[0] : span.start].strip(" -")
    meant = entry if alone or ":" not in entry else f"{{{entry}}}"
    fix = Fix(span, meant, certain=True) if span.text.strip("\"'") == name else None
    return Hint(f"write `{meant}`", fix)


def _is_slip(near: Hint, name: str, namespace: str) -> bool:
    """Whether a hint takes a name for another one misspelt: hardly so, where Keras has that name elsewhere."""
    return bool(near.names) and form(near.names[0]) != form(name) and not meanings(name, namespace)


def read_call(reading: Reading, facts: ClassFacts, entry: Entry, skip: Sequence[str] = ()) -> Call | Unknown:
    """The object of one class with the arguments under its key; `skip` names keys that are not arguments."""
    if reading.hidden(entry.value):
        return UNKNOWN
    if not isinstance(entry.value, MappingNode):
        return _not_arguments(reading, facts, entry)
    values: dict[str, Any] = {}
    spans: dict[str, Span] = {}
    unknown: list[Entry] = []
    for argument in entry.value.entries:
        name = argument.name
        if name in skip:
            continue
        spans[name] = argument.value.span
        if name in facts.arguments:
            values[name] = reading.read(argument.value, facts.arguments[name].kind)
        else:
            unknown.append(argument)
    missing = [name for name in facts.required if name not in values]
    misspelt: set[str] = set()
    apart = 0
    if unknown:
        apart = len(unknown)
        unknown = fallen_apart(reading, entry.value, unknown, lambda name: _kind_of(facts, name))
        apart -= len(unknown)
        names, near = (*facts.arguments, *skip), only(missing, unknown)
        misspelt = {_unknown_argument(reading, facts, name, entry.value, names, near) for name in unknown}
        missing = [name for name in missing if name not in misspelt]
    if missing:
        _missing(reading, facts, missing, entry.key.span)
    known = {name: value for name, value in values.items() if value is not UNKNOWN}
    if "name" in known and facts.namespace == "layers" and "/" in str(known["name"]):
        reading.report("E204", "a name has no `/`, which Keras uses for paths", spans["name"])
    if misspelt & set(skip):
        return UNKNOWN
    complete = not missing and not unknown and not apart and len(known) == len(values)
    return Call(facts, known, entry.key.span, spans, complete=complete)


def _kind_of(facts: ClassFacts, name: str) -> Kind | None:
    argument = facts.arguments.get(name)
    return argument.kind if argument is not None else None


def _not_arguments(reading: Reading, facts: ClassFacts, entry: Entry) -> Unknown:
    required = [argument.name for argument in facts.arguments.values() if argument.required]
    value, first = entry.value, required[0] if required else None
    if isinstance(value, ScalarNode) and value.value is None:
        help = f"write `{facts.name}: {{{first}: ...}}`" if first else f"without arguments write `{facts.name}`"
        fix = None if first else alone(entry)
        return reading.report("E203", f"`{facts.name}:` is followed by nothing", entry.key.span, help, fix=fix)
    message = f"the arguments of `{facts.name}` are a map, not {describe(value)}"
    if isinstance(value, ScalarNode) and isinstance(value.value, str):
        near = _one_argument(value, facts)
        if near is not None:
            return reading.report("E203", message, value.span, near.help, fix=near.fix)
    near = _meant_arguments(reading, facts, value, required)
    return reading.report("E203", message, value.span, near.help, fix=near.fix)


def _one_argument(value: ScalarNode, facts: ClassFacts) -> Hint | None:
    """An argument with its value as one text: `units:10`, `units=10`, `"units: 10"`."""
    text = str(value.value)
    found = re.fullmatch(r"(\w+)( *= *|: +)([^\s=:].*)", text)
    if found is None or found[1] not in facts.arguments:
        return hint(text, facts.arguments, value.span) if ":" in text else None
    meant = f"{{{found[1]}: {found[3]}}}"
    itself = value.span.text.strip("\"'") == text
    return Hint(f"write `{facts.name}: {meant}`", Fix(value.span, meant, certain=True) if itself else None)


def _meant_arguments(reading: Reading, facts: ClassFacts, value: Node, required: Sequence[str]) -> Hint:
    """The map that a bare value or a list in the place of arguments was meant as."""
    if isinstance(value, SequenceNode):
        fix = without_dashes(value, facts.arguments)
        if fix is not None:
            return Hint("leave out the dashes: the arguments are keys of one map", fix)
    shown = value.span.text if "\n" not in value.span.text else "..."
    several = [name for name in required if not fits(reading, value, facts.arguments[name].kind)]
    name = next((name for name, argument in facts.arguments.items() if fits(reading, value, argument.kind)), None)
    if required:
        name = required[0]
    if isinstance(value, SequenceNode) and several:
        return _in_order(reading, facts, value, required)
    if isinstance(value, SequenceNode) and (name is None or not required):
        return Hint(f"write `{facts.name}: {{from: {shown}}}`" if facts.namespace == "layers" else "write a map")
    certain = len(required) == 1 and not several and not _is_text(value)
    fix = Fix(value.span, f"{{{name}: {shown}}}", certain=certain) if len(required) == 1 and not several else None
    return Hint(f"write `{facts.name}: {{{name or 'ARGUMENT'}: {shown}}}`", fix)


def _is_text(node: Node) -> bool:
    return isinstance(node, ScalarNode) and isinstance(node.value, str)


def _in_order(reading: Reading, facts: ClassFacts, value: SequenceNode, required: Sequence[str]) -> Hint:
    """The items of a list as the arguments in their order, where each can be one."""
    pairs = list(zip(facts.arguments.values(), value.items, strict=False))
    if len(pairs) < max(len(value.items), len(required)):
        return Hint(f"write `{facts.name}: {{{required[0]}: ...}}`")
    if not all(fits(reading, item, argument.kind) for argument, item in pairs):
        return Hint(f"write `{facts.name}: {{{required[0]}: ...}}`")
    meant = f"{{{', '.join(f'{argument.name}: {item.span.text}' for argument, item in pairs)}}}"
    return Hint(f"write `{facts.name}: {meant}`", Fix(value.span, meant, certain=True))


def _unknown_argument(
    reading: Reading,
    facts: ClassFacts,
    given: Entry,
    among: MappingNode,
    known: Sequence[str],
    missing: str | None,
) -> str:
    near = hint_of_key(given, among, still_open(given, among, known), f"arguments of {facts.namespace}")
    near = near or _argument_of(reading, facts, given) or probably(missing) or Hint(_arguments(facts.arguments))
    message = f"`{facts.name}` has no argument `{given.name}`"
    reading.report("E206", message, given.key.span, near.help, fix=near.fix)
    if near.is_certain and near.names[0] in facts.arguments and "=" not in given.name:
        kind = facts.arguments[near.names[0]].kind
        reading.look_inside(lambda: reading.read(given.value, kind))
    return near.names[0] if near.names else ""


def _argument_of(reading: Reading, facts: ClassFacts, given: Entry) -> Hint | None:
    """The one argument that takes an object of the name that stands there as a key: `{units: 10, softmax}`."""
    if not (isinstance(given.value, ScalarNode) and given.value.value is None):
        return None
    takers = [
        argument.name
        for argument in facts.arguments.values()
        if any(isinstance(kind, Object) and reading.catalogue[kind.namespace].find(given.name) is not None
               for kind in options_of(argument.kind))
    ]  # fmt: skip
    if len(takers) != 1:
        return None
    meant = f"{takers[0]}: {given.name}"
    fix = Fix(given.key.span, meant, certain=True) if given.key.span.text == given.name else None
    return Hint(f"write `{meant}`", fix)


def _arguments(arguments: Any) -> str:
    return f"its arguments: {listed(arguments)}" if arguments else "it takes no arguments"


def _missing(reading: Reading, facts: ClassFacts, names: Sequence[str], span: Span, *, bare: bool = False) -> Unknown:
    wanted = " and ".join(f"`{name}`" for name in names)
    form = ", ".join(f"{name}: ..." for name in names)
    help = f"write `{facts.name}: {{{form}}}`" if bare else f"add `{form}`"
    return reading.report("E207", f"`{facts.name}` needs {wanted}", span, help)
