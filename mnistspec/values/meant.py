"""What was probably meant where an object of Keras is named or given its arguments in another way than a spec's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mnistspec.catalogue import ClassFacts
from mnistspec.catalogue.kinds import Object
from mnistspec.catalogue.words import describe_kind
from mnistspec.diagnostics import Fix
from mnistspec.edits import renamed, without_dashes
from mnistspec.hints import Hint, hint, listed
from mnistspec.language import NESTED
from mnistspec.meanings import form, meanings
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from mnistspec.source import Span
from mnistspec.values.reading import PYTHON, Reading, fits
from mnistspec.values.scalars import options_of

# Of more classes than these a message gives the page instead of the names.
_MANY = 30
# Arithmetic: `1/255`.
_SUM = r"[0-9.]+( ?[-+*/] ?[0-9.]+)+"


def near_class(
    reading: Reading, name: str, span: Span, namespace: str, bare: bool, arguments: Entry | None = None
) -> Hint:
    if "${" in name:
        return Hint("`${...}` stands in values, not in keys; let it be the whole entry")
    if name in reading.blocks and namespace == "layers":
        return Hint(f"a block is put in by `use: {{block: {name}}}`")
    if name in NESTED and namespace == "layers":
        return Hint("a nested model is an entry of `layers`, or the `layer` of `TimeDistributed`")
    if name.endswith(")"):
        called = _python_call(reading, name, span, namespace)
        if called is not None:
            return called
    parted = _parted(reading, name, span, namespace) if " " in name else None
    if parted is not None:
        return parted
    known = reading.catalogue[namespace]
    inner = _class_below(arguments, known.classes) if namespace == "layers" else None
    if inner is not None:
        return Hint(f"a name stands inside: write `{inner}: {{name: {name}, ...}}`")
    allowed = {other: None for other, facts in known.classes.items() if not facts.refused}
    near = hint(name, (*allowed, *known.identifiers) if bare else allowed, span, namespace)
    near = near or (None if bare else hint(name, (PYTHON,), span))
    elsewhere = [other for other in reading.catalogue.namespaces if name in reading.catalogue[other].classes]
    if near is not None:
        return near.in_doubt() if elsewhere and _is_slip(near, name, namespace) else near
    cell = f"{name}Cell"
    if cell in known.classes:
        return Hint(f"`{name}` is a layer; write `{cell}`", renamed(span, name, cell, certain=False), (cell,))
    if elsewhere:
        return Hint(f"`{name}` is {describe_kind(Object(elsewhere[0]))}")
    names = {other: None for other in allowed if known.classes[other].name == other}
    if len(names) > _MANY:
        return Hint(f"they are listed at {next(iter(known.classes.values())).url}")
    return Hint(f"there are: {listed(names)}")


def _class_below(entry: Entry | None, classes: Mapping[str, ClassFacts]) -> str | None:
    """The class that stands alone under a key, as in `stem: {Dense: {units: 10}}`."""
    value = entry.value if entry is not None else None
    alone = value.entries[0].name if isinstance(value, MappingNode) and len(value.entries) == 1 else ""
    return alone if alone in classes else None


def _parted(reading: Reading, name: str, span: Span, namespace: str) -> Hint | None:
    """`Dense {units: 10}` without its colon, and names below each other without their dashes."""
    words, classes = name.split(), reading.catalogue[namespace].classes
    if len(words) < 2 or words[0] not in classes:
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


def one_argument(value: ScalarNode, facts: ClassFacts) -> Hint | None:
    """An argument with its value as one text: `units:10`, `units=10`, `"units: 10"`."""
    text = str(value.value)
    found = re.fullmatch(r"(\w+)( *= *|: +)([^\s=:].*)", text)
    if found is None or found[1] not in facts.arguments:
        return hint(text, facts.arguments, value.span) if ":" in text else None
    meant = f"{{{found[1]}: {found[3]}}}"
    itself = value.span.text.strip("\"'") == text
    return Hint(f"write `{facts.name}: {meant}`", Fix(value.span, meant, certain=True) if itself else None)


def meant_arguments(reading: Reading, facts: ClassFacts, value: Node, required: Sequence[str]) -> Hint:
    """The map that a bare value or a list in the place of arguments was meant as."""
    if isinstance(value, SequenceNode):
        fix = without_dashes(value, facts.arguments)
        if fix is not None:
            return Hint("leave out the dashes: the arguments are keys of one map", fix)
        if not required and facts.namespace == "layers" and any(isinstance(item, MappingNode) for item in value.items):
            return Hint(f"a layer is an entry of its own: begin it where `{facts.name}` begins, with its own `- `")
    shown = _in_one_line(value)
    if re.fullmatch(_SUM, shown):
        shown = f'"${{{shown}}}"'
    several = [name for name in required if not fits(reading, value, facts.arguments[name].kind)]
    others = [argument for argument in facts.arguments.values() if argument.name != "name"]
    name = next((argument.name for argument in others if fits(reading, value, argument.kind)), None)
    if name is None and isinstance(value, ScalarNode) and others:
        name = others[0].name
    if required:
        name = required[0]
    if isinstance(value, SequenceNode) and several:
        return _in_order(reading, facts, value, required)
    if isinstance(value, SequenceNode) and (name is None or not required):
        return Hint(f"write `{facts.name}: {{from: {shown}}}`" if facts.namespace == "layers" else "write a map")
    certain = len(required) == 1 and not several and not _is_text(value)
    fix = Fix(value.span, f"{{{name}: {shown}}}", certain=certain) if len(required) == 1 and not several else None
    return Hint(f"write `{facts.name}: {{{name or 'ARGUMENT'}: {shown}}}`", fix)


def _in_one_line(value: Node) -> str:
    """A value as it is written; of a list with dashes, the same in brackets."""
    if isinstance(value, SequenceNode) and value.span.text.startswith("- ") and "\n" not in value.span.text:
        return f"[{', '.join(item.span.text for item in value.items)}]"
    return value.span.text if "\n" not in value.span.text else "..."


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


def argument_of(reading: Reading, facts: ClassFacts, given: Entry) -> Hint | None:
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
    return Hint(f"write `{meant}`", fix, (takers[0],))


def of_the_call(facts: ClassFacts, given: Entry, among: MappingNode) -> Hint | None:
    """An argument of the call beside those of the layer: `initial_state: [lstm.1, lstm.2]`, `training: true`."""
    names = (facts.first_argument, *facts.call_arguments)
    if facts.namespace != "layers" or given.name not in names:
        return None
    if isinstance(given.value, ScalarNode) and not isinstance(given.value.value, str):
        return Hint(f"it is said of the call: `call: {{{given.name}: {given.value.span.text}}}`")
    beside = {name: node.span.text for name in names if (node := among.get(name)) is not None}
    if tuple(beside) == names[:1]:
        return Hint("did you mean `from`?", renamed(given.key.span, given.name, "from", certain=True), ("from",))
    source = among.get("from")
    called_on = source.span.text if source is not None else beside.pop(names[0], "...")
    parts = ", ".join(f"{name}: {text}" for name, text in {names[0]: called_on, **beside}.items())
    return Hint(f"its call is given it: `from: {{{parts}}}`")


def listed_arguments(arguments: Any) -> str:
    return f"its arguments: {listed(arguments)}" if arguments else "it takes no arguments"
