"""Reads one entry of `layers`: the object of Keras, and the language's own `name`, `from` and `call` beside it."""

from __future__ import annotations

import re
from dataclasses import replace

from mnistspec.catalogue import ClassFacts
from mnistspec.catalogue.kinds import Object
from mnistspec.edits import renamed
from mnistspec.entries.nesting import bare_nested, read_nested
from mnistspec.entries.own_keys import OWN_KEYS, Callee, OwnKeys, checked_name, read_own_keys
from mnistspec.entries.sharing import read_share
from mnistspec.entries.uses import EXPANDED, read_use
from mnistspec.hints import Hint, hint
from mnistspec.language import APPLICATION_PREFIX, FUNCTION_PREFIX, NESTED, SHARE
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, describe
from mnistspec.source import Span
from mnistspec.spec import LayerSpec, UseSpec
from mnistspec.suggest import same_at_end, suggestion
from mnistspec.values import Reader, Unknown
from mnistspec.values.objects import class_named, read_call
from mnistspec.values.python_objects import read_python
from mnistspec.values.reading import PYTHON
from mnistspec.values.records import not_one_key

__all__ = ["checked_name", "read_layer"]

# What stands before the names of functions of arrays in Python.
_OF_ARRAYS = re.compile(r"(tf|tensorflow|torch|np|numpy|jnp|jax|K|backend)(\.\w+)*\.\w+(\(\))?\Z")
# Those of them, and of their parts, that have no layers.
_WITHOUT_LAYERS = frozenset({"np", "numpy", "jnp", "jax", "K", "backend", "math", "image", "linalg", "signal"})


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
        classes = {**reader.catalogue["layers"].classes, **NESTED, **EXPANDED, SHARE: None}
        not_one_key(reader, node, "a layer", classes, lambda moved: read_layer(reader, moved))
        return _hidden(node)
    if node.entries[0].name in EXPANDED:
        return read_use(reader, node.entries[0]) or _hidden(node)
    if node.entries[0].name == SHARE:
        return read_share(reader, node.entries[0])
    if node.entries[0].name in NESTED:
        return read_nested(reader, node.entries[0])
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
    if name in NESTED:
        return bare_nested(reader, name, node.span)
    if _is_other(reader, name, node.span, None):
        return _hidden(node)
    call = reader.read(node, Object(_namespace(name)))
    if isinstance(call, Unknown):
        # A text may hold more than a class: `Dense(10, name="a")`.
        return replace(_hidden(node), unnamed=name.replace(".", "_").isidentifier())
    return OwnKeys().layer(call, node.span)


def _with_arguments(reader: Reader, entry: Entry) -> LayerSpec:
    if entry.name == PYTHON and reader.allow_code:
        return _python(reader, entry)
    near = _near_nested(reader, entry.name, entry.key.span)
    if near is not None:
        reader.report("E205", f"Keras has no layer `{entry.name}`", entry.key.span, near.help, fix=near.fix)
        meant = replace(entry, key=replace(entry.key, value=near.names[0]))
        reader.look_inside(lambda: read_nested(reader, meant))
        return OwnKeys().layer(None, entry.key.span)
    facts = _class_of(reader, entry)
    call = read_call(reader, facts, entry, skip=OWN_KEYS) if facts is not None else None
    body = entry.value if isinstance(entry.value, MappingNode) else None
    callee = _callee(facts) if facts is not None else None
    own = read_own_keys(reader, body, callee)
    layer = own.layer(None if isinstance(call, Unknown) else call, entry.key.span)
    return replace(layer, unnamed=_is_unnamed(body)) if layer.call is None and body is not None else layer


def _is_unnamed(body: MappingNode) -> bool:
    """Whether no key of an entry is its name, nor could be one misspelt."""
    near = (suggestion(entry.name, OWN_KEYS, "arguments of layers") for entry in body.entries)
    return "name" not in body and not any(found is not None and "name" in found.names for found in near)


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
    if _is_other(reader, entry.name, span, entry.value):
        return None
    return class_named(reader, entry.name, span, _namespace(entry.name), arguments=entry, skip=OWN_KEYS)


def _callee(facts: ClassFacts) -> Callee:
    """What `call` may hold: of a function nothing, since all of its arguments are arguments of the entry."""
    if not facts.tensors:
        return Callee(facts.name, facts.call_arguments, facts.first_argument)
    tensors = tuple(argument.name for argument in facts.tensors if argument.tensor == "one")
    return Callee(facts.name, (), facts.first_argument, tensors)


def _is_other(reader: Reader, name: str, span: Span, body: Node | None) -> bool:
    """Whether a name that no layer has plainly stands for something else; reports it then."""
    facts = reader.catalogue[_namespace(name)].find(name)
    if name == PYTHON or (facts is not None and not facts.refused):
        return False
    from mnistspec.entries.not_layers import not_a_layer  # what only a mistake needs

    return (facts is None and _own_word(reader, name, span)) or not_a_layer(reader, name, span, body)


def _own_word(reader: Reader, name: str, span: Span) -> bool:
    """Whether a name is one of the language's own words, misspelt; reports it then."""
    words = (*EXPANDED, SHARE, PYTHON) if name.islower() else ()
    near = _elsewhere(reader, name, span) or hint(name, words, span)
    if near is None or not near.names:
        return False
    reader.report("E205", f"there is no `{name}` among layers", span, near.help, fix=near.fix)
    return True


def _elsewhere(reader: Reader, name: str, span: Span) -> Hint | None:
    """What a name of Keras is in the language: an application, a function by its whole path, a model."""
    short = name.removeprefix("tf.").removeprefix("keras.").removesuffix("()")
    last = short.rpartition(".")[2]
    meant = f"{APPLICATION_PREFIX}{last}"
    found = meant if meant in reader.catalogue["applications"].classes else _function(reader, name, short, last)
    if found not in (None, name) and not name.startswith(FUNCTION_PREFIX):
        return Hint(f"did you mean `{found}`?", renamed(span, name, found, certain=True), (found,))
    if short == "Model":
        return Hint("a model as one layer is `Functional: {inputs: {...}, layers: [...]}`", None, ("Functional",))
    return None


def _function(reader: Reader, name: str, short: str, last: str) -> str | None:
    """The function that a path in Python leads to: `keras.ops.add`, `tf.reduce_mean`, `np.add`."""
    functions = reader.catalogue["ops"].classes
    if short.startswith(FUNCTION_PREFIX):
        return short if short in functions else same_at_end(short, functions)
    if _OF_ARRAYS.match(name) is None:
        return None
    is_layer = suggestion(last, reader.catalogue["layers"].classes, "layers") is not None
    if is_layer and _WITHOUT_LAYERS.isdisjoint(name.split(".")):
        return None
    return same_at_end(last.removeprefix("reduce_"), functions)


def _near_nested(reader: Reader, name: str, span: Span) -> Hint | None:
    """The kind of nested model that a name was plainly meant as."""
    if name in reader.catalogue["layers"].classes:
        return None
    near = hint(name, NESTED, span)
    return near if near is not None and near.is_certain else None


def _namespace(name: str) -> str:
    prefixes = {FUNCTION_PREFIX: "ops", APPLICATION_PREFIX: "applications"}
    return next((namespace for prefix, namespace in prefixes.items() if name.startswith(prefix)), "layers")
