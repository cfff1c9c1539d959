"""Layers as entries of `layers`: what each is called on, in the words of `from`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mnistspec.catalogue import ClassFacts, load
from mnistspec.exporters.resolved import escaped
from mnistspec.frozen import dataclass
from mnistspec.importers.calls import Given, LayerCall, One, Output
from mnistspec.importers.folding.items import Fixed, Item, Ref, Source, Sources
from mnistspec.importers.functions import GIVE_SEVERAL, from_of
from mnistspec.importers.objects import Unsayable
from mnistspec.language import SHARE
from mnistspec.structures import leaves


@dataclass(frozen=True)
class Layer:
    """A node of the model: its name, its class, the arguments to write, and its call, None in a sequential model.

    With `shares` it is another call of the layer of that name; `output` says that it is one of the model's outputs.
    """

    name: str
    facts: ClassFacts
    arguments: dict[str, Any]
    call: LayerCall | None = None
    shares: str | None = None
    output: bool = False
    # Whether texts in the arguments are written as a spec has them already, as those of a nested model are.
    is_escaped: bool = False


def items_of(layers: Sequence[Layer], inputs: Sequence[str], outputs: Sequence[Output]) -> list[Item]:
    """The layers as entries of `layers`, with all that may be written. Raises: Unsayable."""
    words = _References(layers, inputs, outputs)
    return [_item(layer, words) for layer in layers]


def _item(layer: Layer, words: _References) -> Item:
    arguments: dict[str, Any] = dict(layer.arguments) if layer.shares is None else {"layer": layer.shares}
    sources = None
    if layer.call is not None:
        sources = _from(layer, layer.call, words)
        if layer.call.constants:
            arguments["call"] = dict(layer.call.constants)
    if layer.shares is not None and layer.output:
        arguments["identity"] = False
    name = escaped(layer.name)
    kind = layer.facts.name if layer.shares is None else SHARE
    return Item(kind, name, arguments if layer.is_escaped else escaped(arguments), sources, (name,))


def _from(layer: Layer, call: LayerCall, words: _References) -> Sources:
    """A reference, a list of them, or a map of such by call argument."""
    if layer.facts.tensors:
        given = from_of(layer.facts, layer.arguments, call)
    else:
        given = call.tensors[0] if list(call.tensors) == [0] and not call.exact else call.tensors
    if isinstance(given, Mapping):
        return {argument: words.of(ports) for argument, ports in given.items()}
    return words.of(given)


class _References:
    """Names of outputs as `from` and `outputs` spell them: `stem`, or `lstm.0` where the layer has several."""

    def __init__(self, layers: Sequence[Layer], inputs: Sequence[str], outputs: Sequence[Output]) -> None:
        read = [source for layer in layers if layer.call is not None for source in layer.call.sources()]
        self.several = {source.node for source in (*read, *outputs) if source.index > 0}
        self.several |= {layer.name for layer in layers if _may_have_several(layer)}
        self.several |= {layer.name for layer in layers if layer.shares in self.several}
        self.taken = {*inputs, *(layer.name for layer in layers)}

    def of(self, given: Given) -> Source | tuple[Source, ...]:
        return tuple(map(self.item, given)) if isinstance(given, tuple) else self.item(given)

    def item(self, given: One) -> Source:
        return given if isinstance(given, Fixed) else self.one(given)

    def one(self, output: Output) -> Ref:
        node = escaped(output.node)
        if output.node not in self.several:
            return Ref(node)
        text = f"{output.node}.{output.index}"
        if text in self.taken:
            raise Unsayable(f"`{text}` is an output of `{output.node}` and the name of another layer")
        return Ref(node, f".{output.index}")


def output_names(layers: Sequence[Layer], inputs: Sequence[str], outputs: Sequence[Output]) -> list[str]:
    """The model's outputs as `outputs` lists them. Raises: Unsayable."""
    words = _References(layers, inputs, outputs)
    return [str(words.one(output)) for output in outputs]


def _may_have_several(layer: Layer) -> bool:
    """Whether the layer may have several outputs; an index does no harm where it has one."""
    told = layer.call is not None and layer.call.constants.get("return_attention_scores")
    if layer.facts.tensors:
        return layer.facts.name in GIVE_SEVERAL
    structured = (layer.arguments.get("structure") or {}).get("outputs")
    if structured is not None:
        return len(list(leaves(structured))) > 1
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
