"""Entries of `layers`: which names and which `from` must be written, and which go without saying."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mnistspec.catalogue import ClassFacts, load
from mnistspec.graph import snake_case
from mnistspec.importers.calls import Given, LayerCall, Output
from mnistspec.importers.objects import Unsayable


@dataclass(frozen=True)
class Layer:
    """A layer of the model: its name, its class, the arguments to write, and its call, None in a sequential model."""

    name: str
    facts: ClassFacts
    arguments: dict[str, Any]
    call: LayerCall | None = None


def entries(layers: Sequence[Layer], inputs: Sequence[str], outputs: Sequence[Output]) -> list[Any]:
    """The entries of `layers`, each as short as it can be. Raises: Unsayable."""
    named = named_layers(layers, inputs)
    words = _References(layers, inputs, outputs)
    before = [inputs[0] if inputs else "", *(layer.name for layer in layers)]
    return [
        _entry(layer, words, previous, layer.name in named) for layer, previous in zip(layers, before, strict=False)
    ]


def _entry(layer: Layer, words: _References, previous: str, named: bool) -> Any:
    body = dict(layer.arguments)
    if layer.call is not None:
        source = _from(layer.facts, layer.call, words)
        if source != previous:
            body["from"] = source
        if layer.call.constants:
            body["call"] = dict(layer.call.constants)
    if named:
        body["name"] = layer.name
    return {layer.facts.name: body} if body else layer.facts.name


def _from(facts: ClassFacts, call: LayerCall, words: _References) -> Any:
    """A name, a list of names, or a map of them by call argument."""
    if list(call.tensors) == [facts.first_argument]:
        return words.of(call.tensors[facts.first_argument])
    return {argument: words.of(given) for argument, given in call.tensors.items()}


class _References:
    """Names of outputs as `from` and `outputs` spell them: `stem`, or `lstm.0` where the layer has several."""

    def __init__(self, layers: Sequence[Layer], inputs: Sequence[str], outputs: Sequence[Output]) -> None:
        read = [source for layer in layers if layer.call is not None for source in layer.call.sources()]
        self.several = {source.node for source in (*read, *outputs) if source.index > 0}
        self.several |= {layer.name for layer in layers if _may_have_several(layer)}
        self.taken = {*inputs, *(layer.name for layer in layers)}

    def of(self, given: Given) -> str | list[str]:
        return [self.one(output) for output in given] if isinstance(given, tuple) else self.one(given)

    def one(self, output: Output) -> str:
        if output.node not in self.several:
            return output.node
        text = f"{output.node}.{output.index}"
        if text in self.taken:
            raise Unsayable(f"`{text}` is an output of `{output.node}` and the name of another layer")
        return text


def output_names(layers: Sequence[Layer], inputs: Sequence[str], outputs: Sequence[Output]) -> list[str]:
    """The model's outputs as `outputs` lists them. Raises: Unsayable."""
    words = _References(layers, inputs, outputs)
    return [words.one(output) for output in outputs]


def _may_have_several(layer: Layer) -> bool:
    """Whether the layer may have several outputs; an index does no harm where it has one."""
    told = layer.call is not None and layer.call.constants.get("return_attention_scores")
    if isinstance(layer.arguments.get("outputs"), list):
        return len(layer.arguments["outputs"]) > 1  # a nested model says which it has
    return bool(told) or layer.facts.name in load()["cells"].classes or _returns_several(layer.arguments)


def _returns_several(arguments: Any) -> bool:
    """Whether states are returned, here or by a layer inside, or both directions each by itself."""
    if not isinstance(arguments, dict):
        return False
    if arguments.get("return_state") or arguments.get("merge_mode", "") is None:
        return True
    return any(map(_returns_several, arguments.values()))


def named_layers(layers: Iterable[Layer], inputs: Iterable[str]) -> set[str]:
    """The layers whose names must be written, since the language would name them otherwise."""
    named: set[str] = set()
    taken, counts = set(inputs), dict[str, int]()
    for layer in layers:
        stem = snake_case(layer.facts.name)
        name, count = _fresh(stem, taken, counts.get(stem, 0))
        if name == layer.name:
            counts[stem] = count
        else:
            named.add(layer.name)
        taken.add(layer.name)
    return named


def _fresh(stem: str, taken: set[str], count: int) -> tuple[str, int]:
    """The name that an unnamed layer gets, and how far its stem has come with it."""
    name = stem
    while name in taken:
        count += 1
        name = f"{stem}_{count}"
    return name, count
