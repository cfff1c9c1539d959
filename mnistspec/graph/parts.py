"""What a graph consists of: layers, connected by what each reads from others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from functools import cached_property
from typing import TypeAlias

from mnistspec.calls import Call, Value
from mnistspec.datasets.facts import DataFacts
from mnistspec.frozen import dataclass
from mnistspec.graph.naming import keras_names
from mnistspec.source import Span
from mnistspec.spec import CallForm, Constant, InputSpec
from mnistspec.structures import Structure, keys_of


@dataclass(frozen=True, slots=True)
class Port:
    """What a node gives: one of its outputs, or with `output` None all that it returns."""

    node: str
    output: int | None = None
    span: Span | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.node if self.output is None else f"{self.node}.{self.output}"


# What a call is given in one place, and for one of its arguments.
Given: TypeAlias = Port | Constant
Argument: TypeAlias = Given | tuple[Given, ...]


def all_given(inputs: tuple[Given, ...], named: Mapping[str, Argument]) -> Iterator[Given]:
    """All that a call is given, in order."""
    yield from inputs
    for value in named.values():
        yield from value if isinstance(value, tuple) else (value,)


def followed(given: Given, follow: Callable[[Port], Port]) -> Given:
    """What is given with another port in the place of the one that it is; a constant as it is."""
    return follow(given) if isinstance(given, Port) else given


def all_followed(named: Mapping[str, Argument], follow: Callable[[Port], Port]) -> dict[str, Argument]:
    """The same of every argument."""
    return {
        argument: tuple(followed(one, follow) for one in value) if isinstance(value, tuple) else followed(value, follow)
        for argument, value in named.items()
    }


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A layer and what it is called on: `inputs` in order, `named` by call argument.

    `single` tells a call on one tensor from a call on a list. `call` is None where a mistake hides the layer.
    """

    name: str
    call: Call | None
    inputs: tuple[Given, ...]
    named: Mapping[str, Argument]
    single: bool
    call_arguments: Mapping[str, Value]
    span: Span = field(compare=False)
    call_spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)
    # What stands before the node's own name, of each used block that it is in: the use's name and a `/`, or its prefix.
    prefixes: tuple[str, ...] = field(default=(), compare=False)
    # Where the spec gives the name, if it does.
    name_span: Span | None = field(default=None, compare=False)
    # Whether the spec gives the name.
    is_named: bool = field(default=False, compare=False)
    # Whether the node is in a used block.
    in_block: bool = field(default=False, compare=False)
    # The node whose layer is called again.
    shares: str | None = None
    # Whether that call, as an output, passes through an `Identity` of the node's name.
    identity: bool = True
    # The nested model that `call` stands for.
    model: Graph | None = None
    # How the nested model is called, where that is not on its one input alone or on a list of several.
    form: CallForm | None = None
    # The arguments that the call is given by place rather than by name, those that are `named` and those left out.
    placed: tuple[str, ...] = ()

    @property
    def prefix(self) -> str:
        """All that stands before the node's own name."""
        return "".join(self.prefixes)

    def needs(self) -> list[str]:
        """The nodes and inputs that have to be there before this node."""
        sources = [port.node for port in self.sources()]
        return sources if self.shares is None else [*sources, self.shares]

    def first(self) -> Port:
        """What the layer is called on before all else: its first argument, or the first of several in it."""
        named = self.named.get(self.call.facts.first_argument, ()) if self.call is not None else ()
        given = self.inputs or (named if isinstance(named, tuple) else (named,))
        return next((one for one in given if isinstance(one, Port)), None) or self.sources()[0]

    def sources(self) -> list[Port]:
        """Every port the node reads."""
        given = all_given(self.inputs, self.named) if self.named else self.inputs
        return [one for one in given if isinstance(one, Port)]


@dataclass(frozen=True)
class Graph:
    """A model's graph. `nodes` stand in the order in which they are built: as listed, sources before their users.

    `unused` names the nodes that no output needs; they are checked, not built. `precision` is the dtype policy.
    `complete` is false where a reported mistake hides a node, a connection or an output: names may then be others.
    `uses` leads from what else an output is known by to its name: from a used block that gives it alone, and from its
    node where the model has its outputs in a map. The structures are None for one tensor alone, or a list of several.
    """

    kind: str
    name: str
    inputs: tuple[InputSpec, ...]
    nodes: tuple[GraphNode, ...]
    outputs: tuple[Port, ...]
    unused: frozenset[str] = frozenset()
    precision: str = "float32"
    facts: DataFacts | None = field(default=None, compare=False, repr=False)
    complete: bool = field(default=True, compare=False)
    uses: Mapping[str, str] = field(default_factory=dict, compare=False)
    input_structure: Structure = None
    output_structure: Structure = None
    # The policy as the model itself says it.
    dtype: str | None = None
    trainable: bool = True

    @cached_property
    def _by_name(self) -> dict[str, GraphNode]:
        return {node.name: node for node in self.nodes}

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    @cached_property
    def keras_names(self) -> Mapping[str, str]:
        """The name that Keras knows each input and node by: Keras takes no `/`, which the names in blocks have."""
        return keras_names([*(given.name for given in self.inputs), *(node.name for node in self.nodes)])

    @cached_property
    def output_names(self) -> tuple[str, ...]:
        """The name of each output in settings: its node's, or its key where the model has them in a map."""
        return keys_of(self.output_structure) or tuple(port.node for port in self.outputs)

    @cached_property
    def outputs_in_keras(self) -> Mapping[str, str]:
        """The name by which Keras knows each output: its key, or that of the layer that gives it."""
        keys = keys_of(self.output_structure)
        if keys is not None:
            return {key: key for key in keys}
        return {port.node: self.keras_names[self._layer(port)] for port in self.outputs}

    def _layer(self, port: Port) -> str:
        """The node whose layer gives an output."""
        node = self._by_name.get(port.node)
        return port.node if node is None or node.identity or node.shares is None else node.shares

    def everywhere(self) -> Iterator[GraphNode]:
        """Every node, those of nested models included."""
        for node in self.nodes:
            yield node
            if node.model is not None:
                yield from node.model.everywhere()

    def node(self, name: str) -> GraphNode:
        """The node of that name. Raises: KeyError."""
        return self._by_name[name]
