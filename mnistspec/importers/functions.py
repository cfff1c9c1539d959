"""Operations in a functional model as functions of `keras.ops`: settings and constants beside the tensors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mnistspec.catalogue import Argument, ClassFacts, load
from mnistspec.catalogue.indices import index_text
from mnistspec.importers.calls import (
    Given,
    LayerCall,
    array_constant,
    checked_node,
    holds_tensors,
    is_array,
    tensors_of,
)
from mnistspec.importers.objects import OFF, Unsayable, plain_value

# Functions that give several tensors, or may: an output of them is named with its index.
GIVE_SEVERAL = frozenset(f"ops.{name}" for name in (
    "array_split", "ctc_decode", "dsplit", "eig", "eigh", "fft", "fft2", "histogram", "hsplit", "ifft2", "linspace",
    "lu_factor", "meshgrid", "moments", "nonzero", "qr", "rfft", "slogdet", "split", "stft", "svd", "top_k", "unique",
    "unravel_index", "unstack", "vsplit",
))  # fmt: skip


def function_of(entry: Mapping[str, Any]) -> ClassFacts:
    """The function that makes a serialized operation. Raises: Unsayable for one that no function makes."""
    facts = load()["ops"].by_operation.get(f"{entry.get('module')}.{entry['class_name']}")
    if facts is None or entry.get("registered_name") not in (None, entry["class_name"]):
        raise Unsayable(f"it is the operation `{entry['class_name']}`, which no function of keras.ops makes by itself")
    return facts


def function_call(facts: ClassFacts, entry: Mapping[str, Any]) -> tuple[dict[str, Any], LayerCall]:
    """The arguments to write, settings and constants, and the tensors that the function is called on.

    Raises: Unsayable.
    """
    nodes = entry["inbound_nodes"]
    if len(nodes) != 1:
        raise Unsayable(f"one operation is called {len(nodes)} times, and a function makes one for each of its calls")
    called = dict(_called(facts, checked_node(nodes[0])))
    tensors = {name: _tensors(facts, name, value) for name, value in called.items() if holds_tensors(value)}
    constants = {name: _constant(facts, name, value) for name, value in called.items() if name not in tensors}
    given = {**_settings(facts, entry["config"]), **constants}
    written = {
        name: given[name]
        for name, argument in facts.arguments.items()
        if name in given and not _is_default(argument, given[name])
    }
    return written, LayerCall(tensors, {})


def _called(facts: ClassFacts, node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What the operation is called on by argument; those by their places first, as Keras looks through them."""
    names = facts.called_on or tuple(argument.name for argument in facts.tensors)
    placed = node["args"]
    if facts.arguments[names[0]].tensor == "rest":
        names, placed = names[:1], [placed]
    if len(placed) > len(names):
        raise Unsayable(f"it is called with {len(placed)} arguments, and `{facts.name}` takes {len(names)}")
    yield from zip(names, placed, strict=False)
    for name, value in sorted(node["kwargs"].items()):
        if name not in facts.arguments:
            raise Unsayable(f"`{facts.name}` has no argument `{name}`")
        yield name, value


def _tensors(facts: ClassFacts, name: str, value: Any) -> Given:
    given, form = tensors_of(value), facts.arguments[name].tensor
    if form is None or (form == "one" and isinstance(given, tuple)):
        takes = "a tensor" if form else "plain values"
        raise Unsayable(f"its `{name}` is {'a list of tensors' if form else 'a tensor'}, and a spec gives it {takes}")
    return given


def _settings(facts: ClassFacts, config: Mapping[str, Any]) -> dict[str, Any]:
    settings = {name: value for name, value in config.items() if name != "name" and (name, value) not in OFF}
    for name, value in settings.items():
        if name not in facts.arguments:
            raise Unsayable(f"`{facts.name}` has no argument `{name}`, which its config sets to {value!r}")
    return {name: plain_value(value, "float32") for name, value in settings.items()}


def _is_default(argument: Argument, value: Any) -> bool:
    """Whether leaving the argument out means the same: 1, 1.0 and true are three values."""
    stated = not argument.required and (argument.tensor is None or argument.optional)
    return stated and value == argument.default and type(value) is type(argument.default)


def _constant(facts: ClassFacts, name: str, value: Any) -> Any:
    """A value that is no tensor as a spec has it. Raises: Unsayable."""
    if facts.name == "ops.get_item":
        return _index(value)
    if is_array(value):
        return array_constant(value)
    if isinstance(value, Mapping):
        raise Unsayable(f"its `{name}` is a `{value.get('class_name')}`, and a spec has numbers and lists of them")
    if isinstance(value, list | tuple) and facts.arguments[name].tensor is not None:
        return {"list": plain_value(value, "float32")}
    return plain_value(value, "float32")


def _index(value: Any) -> Any:
    try:
        return [index_text(item) for item in value] if isinstance(value, list | tuple) else index_text(value)
    except ValueError as error:
        raise Unsayable(str(error)) from error


def from_of(facts: ClassFacts, arguments: Mapping[str, Any], call: LayerCall) -> Given | Mapping[str, Given]:
    """What `from` says: tensors in order, where order alone tells which is which, else tensors by argument."""
    free = [argument for argument in facts.tensors if argument.name not in arguments]
    names = list(call.tensors)
    first = call.tensors[names[0]]
    if free[0].tensor != "one":
        lone = first[0] if isinstance(first, tuple) and len(first) == 1 else first
        return lone if names == [free[0].name] else call.tensors
    if names != [argument.name for argument in free[: len(names)]] or any(
        isinstance(given, tuple) for given in call.tensors.values()
    ):
        return call.tensors
    return first if len(names) == 1 else tuple(given for given in call.tensors.values() if not isinstance(given, tuple))
