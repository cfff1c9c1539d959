"""Reads one entry of `layers`: the object of Keras, and the language's own `name`, `from` and `call` beside it."""

from __future__ import annotations

from mnistspec.catalogue import ClassFacts
from mnistspec.catalogue.kinds import Object
from mnistspec.entries.own_keys import OWN_KEYS, Callee, OwnKeys, checked_name, read_own_keys
from mnistspec.entries.sharing import read_share
from mnistspec.entries.uses import EXPANDED, read_use
from mnistspec.hints import hint
from mnistspec.language import FUNCTION_PREFIX, NOT_BUILT_LAYERS, NOT_BUILT_PREFIXES, SHARE
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, describe
from mnistspec.source import Span
from mnistspec.spec import LayerSpec, UseSpec
from mnistspec.values import Reader, Unknown
from mnistspec.values.objects import class_named, read_call
from mnistspec.values.python_objects import read_python
from mnistspec.values.reading import PYTHON
from mnistspec.values.records import not_one_key

__all__ = ["checked_name", "read_layer"]


def read_layer(reader: Reader, node: Node) -> LayerSpec | UseSpec:
    """One entry of `layers`; a layer's `call` is None where a mistake hides what layer it is."""
    if reader.hidden(node):
        return _hidden(node)
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return _bare(reader, node, node.value)
    if not isinstance(node, MappingNode):
        reader.report("E203", f"expected a layer, found {describe(node)}", node.span, "write `- Dense: {units: 10}`")
        return _hidden(node)
    if len(node.entries) != 1:
        classes = reader.catalogue["layers"].classes
        not_one_key(reader, node, "a layer", classes, lambda moved: read_layer(reader, moved))
        return _hidden(node)
    if node.entries[0].name in EXPANDED:
        return read_use(reader, node.entries[0]) or _hidden(node)
    if node.entries[0].name == SHARE:
        return read_share(reader, node.entries[0])
    return _with_arguments(reader, node.entries[0])


def _hidden(node: Node) -> LayerSpec:
    """A layer of which nothing is known."""
    return OwnKeys().layer(None, node.span)


def _bare(reader: Reader, node: ScalarNode, name: str) -> LayerSpec:
    if name in EXPANDED:
        needed = [key for key, field in EXPANDED[name].fields.items() if field.required]
        help = f"write `{name}: {{{', '.join(f'{key}: ...' for key in needed)}}}`"
        reader.report("E207", f"`{name}` needs {' and '.join(f'`{key}`' for key in needed)}", node.span, help)
        return _hidden(node)
    if name == SHARE:
        reader.report("E207", "`share` needs `layer`", node.span, "write `share: {layer: ..., from: ...}`")
        return _hidden(node)
    if _not_built(reader, name, node.span):
        return _hidden(node)
    call = reader.read(node, Object("ops" if name.startswith(FUNCTION_PREFIX) else "layers"))
    return OwnKeys().layer(None if isinstance(call, Unknown) else call, node.span)


def _with_arguments(reader: Reader, entry: Entry) -> LayerSpec:
    if entry.name == PYTHON and reader.allow_code:
        return _python(reader, entry)
    facts = _class_of(reader, entry)
    call = read_call(reader, facts, entry, skip=OWN_KEYS) if facts is not None else None
    body = entry.value if isinstance(entry.value, MappingNode) else None
    callee = _callee(facts) if facts is not None else None
    own = read_own_keys(reader, body, callee)
    return own.layer(None if isinstance(call, Unknown) else call, entry.key.span)


def _python(reader: Reader, entry: Entry) -> LayerSpec:
    """A layer written in Python; what its call takes is not known."""
    call = read_python(reader, entry, "layers", skip=OWN_KEYS)
    own = read_own_keys(reader, entry.value if isinstance(entry.value, MappingNode) else None, None)
    return own.layer(None if isinstance(call, Unknown) else call, entry.key.span)


def _class_of(reader: Reader, entry: Entry) -> ClassFacts | None:
    """The class or function that an entry names; None after reporting why a layer cannot be of it."""
    facts = reader.catalogue["layers"].classes.get(entry.name)
    if facts is not None and not facts.refused:
        return facts
    span = entry.key.span
    if _own_word(reader, entry.name, span) or _not_built(reader, entry.name, span):
        return None
    namespace = "ops" if entry.name.startswith(FUNCTION_PREFIX) else "layers"
    return class_named(reader, entry.name, span, namespace, arguments=entry, skip=OWN_KEYS)


def _callee(facts: ClassFacts) -> Callee:
    """What `call` may hold: of a function nothing, since all of its arguments are arguments of the entry."""
    return Callee(facts.name, () if facts.tensors else facts.call_arguments)


def _own_word(reader: Reader, name: str, span: Span) -> bool:
    """Whether a name is one of the language's own words, misspelt; reports it then."""
    if name == PYTHON or not name.islower() or reader.catalogue["layers"].find(name) is not None:
        return False
    near = hint(name, (*EXPANDED, SHARE, PYTHON), span)
    if near is None or not near.names:
        return False
    reader.report("E205", f"there is no `{name}` among layers", span, near.help, fix=near.fix)
    return True


def _not_built(reader: Reader, name: str, span: Span) -> bool:
    what = NOT_BUILT_LAYERS.get(name)
    for prefix, of in NOT_BUILT_PREFIXES.items():
        if name.startswith(prefix):
            what = of
    if what is None:
        return False
    reader.not_built(f"{what} (`{name}`)", span)
    return True
