"""A spec as typed values: what binding makes of the text and every later stage reads. Nothing here knows YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from mnistspec.calls import Call, Value
from mnistspec.frozen import dataclass
from mnistspec.source import Source, Span
from mnistspec.structures import Structure


@dataclass(frozen=True, slots=True)
class Reference:
    """One node, or one output of it, as `from` names it: `stem`, `lstm.1`."""

    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """What stands in `from` in the place of a tensor: lists of numbers, numbers by their dtype, or None for nothing."""

    value: Value
    span: Span = field(compare=False)


# What `from` says: nothing (the node before), references and constants in order, or such by call argument.
From: TypeAlias = (
    "tuple[Reference | Constant, ...] | Mapping[str, Reference | Constant | tuple[Reference | Constant, ...]] | None"
)


@dataclass(frozen=True, slots=True)
class CallForm:
    """How a nested model is called: its inputs, counted from 0, in a structure; `named` where by Keras' `inputs=`."""

    structure: Structure
    named: bool = False


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One entry of `layers`: the layer, its name if it has one, what it is called on, and other call arguments.

    `call` is None where a reported mistake hides which layer it is, and where `shares` names the layer to call again.
    """

    call: Call | None
    name: str | None
    from_: From
    call_arguments: Mapping[str, Value]
    span: Span = field(compare=False)
    name_span: Span | None = field(default=None, compare=False)
    call_spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)
    # Where `from` stands (under ""), and each of its keys where it is a map.
    from_spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)
    # Whether `from` was one reference (`from: a`) rather than a list of one (`from: [a]`), which Keras tells apart.
    single: bool = False
    # What `from` gives one argument in maps, or in lists inside a list: references in their structure.
    structure: Structure = None
    shares: Reference | None = None
    # Whether an `Identity` gives another call of a layer a name of its own where it is an output.
    identity: bool = True
    # The nested model that `call` stands for.
    model: ModelSpec | None = None
    # Whether it is known to be written without a name, where a mistake hides which layer it is.
    unnamed: bool = field(default=False, compare=False)

    @property
    def hidden(self) -> bool:
        """Whether a reported mistake hides which layer it is."""
        return self.call is None and self.shares is None


@dataclass(frozen=True, slots=True)
class UseSpec:
    """A used block with its layers in place. `outputs` is None for the last of them, `from_` for the node before.

    `prefix` stands before the names of its nodes; None for the name of the use and `/`.
    """

    block: str
    name: str | None
    from_: tuple[Reference, ...] | None
    layers: tuple[LayerSpec | UseSpec, ...]
    outputs: tuple[Reference, ...] | None
    span: Span = field(compare=False)
    prefix: str | None = None
    name_span: Span | None = field(default=None, compare=False)
    from_span: Span | None = field(default=None, compare=False)
    # Whether a reported mistake hides what the block is given, or its outputs.
    hidden: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True)
class InputSpec:
    """One input of the model: the arguments of `keras.Input`. `shape` leaves the batch dimension out.

    `complete` is false where a reported mistake hides the shape.
    """

    name: str
    shape: tuple[int | None, ...] | None
    dtype: str | None = None
    batch_size: int | None = None
    sparse: bool = False
    ragged: bool = False
    optional: bool = False
    span: Span | None = field(default=None, compare=False)
    complete: bool = field(default=True, compare=False)
    shape_span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class ModelSpec:
    """`model:`, or a model nested in another. `outputs` is None for the last node.

    `inputs` is None where the data decides; of a nested model, what it is called on.
    """

    kind: str
    inputs: tuple[InputSpec, ...] | None
    layers: tuple[LayerSpec | UseSpec, ...]
    outputs: tuple[Reference, ...] | None
    span: Span = field(compare=False)
    hidden: frozenset[str] = field(default=frozenset(), compare=False)
    nested: bool = False
    # How Keras has the inputs and the outputs, by references; None for one tensor alone, or one list of several.
    input_structure: Structure = None
    output_structure: Structure = None
    structure_spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)
    # The dtype policy; None for that of what is around it.
    dtype: str | None = None
    # Of a nested model its entry says that.
    trainable: bool = True

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of a nested model's inputs."""
        return tuple(given.name for given in self.inputs) if self.inputs is not None else ("input",)


@dataclass(frozen=True)
class SourceSpec:
    """Where data comes from: a source's name and the options written for it, defaults filled in."""

    name: str
    options: Mapping[str, Value]
    span: Span | None = field(default=None, compare=False)
    spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Step:
    """One preparation step and its options: `rescale: 255` is `Step("rescale", {"divisor": 255})`.

    `spans` are the places of the options that are written.
    """

    name: str
    options: Mapping[str, Value]
    span: Span | None = field(default=None, compare=False)
    spans: Mapping[str, Span] = field(default_factory=dict, compare=False)


# Steps for every array alike, or by the array's name.
Steps: TypeAlias = "tuple[Step, ...] | Mapping[str, tuple[Step, ...]]"


@dataclass(frozen=True)
class DataSpec:
    """`data:`. `limit` holds the splits that are limited; `targets` is `y`, `x`, a name, or a map by output name.

    Of every section `hidden` names the settings that a reported mistake hides, wholly or in part: they stand here as
    their defaults, and nothing is to be said of them.
    """

    source: SourceSpec
    offline: str
    validation: float | SourceSpec | None
    limit: Mapping[str, int]
    prepare_x: Steps
    prepare_y: Steps
    targets: str | Mapping[str, str]
    hold: str
    span: Span = field(compare=False)
    validation_span: Span | None = field(default=None, compare=False)
    hold_span: Span | None = field(default=None, compare=False)
    hidden: frozenset[str] = field(default=frozenset(), compare=False)
    targets_spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)

    @property
    def complete(self) -> bool:
        """Whether no mistake hides what the arrays are; if not, nothing can be said of the data."""
        return not self.hidden & {"source", "prepare"}

    @property
    def counted(self) -> bool:
        """Whether no mistake hides how many examples there are."""
        return self.complete and not self.hidden & {"validation", "limit"}


# One value for the only output, or values by output name.
ByOutput: TypeAlias = "Value | Mapping[str, Value]"
# The settings of `compile` that may be given by output.
BY_OUTPUT = ("loss", "loss_weights", "metrics", "weighted_metrics")


@dataclass(frozen=True)
class CompileSpec:
    """`compile:`. `loss` and `metrics` are for all outputs, or maps by output name."""

    optimizer: Call
    loss: ByOutput
    loss_weights: Value
    metrics: ByOutput
    weighted_metrics: ByOutput
    precision: str
    jit_compile: bool | str
    steps_per_execution: int | str
    run_eagerly: bool
    auto_scale_loss: bool
    span: Span = field(compare=False)
    spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)
    hidden: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True)
class FitSpec:
    """`fit:`. `batch_size` counts examples; `class_weight` is null, `balanced`, or weights by class id."""

    epochs: int
    batch_size: int
    shuffle: bool
    class_weight: str | Mapping[str, float] | None
    callbacks: tuple[Call, ...]
    steps_per_epoch: int | None
    validation_steps: int | None
    validation_batch_size: int | None
    validation_freq: int
    checkpoint: str | int | None
    span: Span = field(compare=False)
    spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)
    hidden: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True)
class EvaluateSpec:
    """`evaluate:`. `steps` None: over all of the data."""

    batch_size: int | None = None
    steps: int | None = None


@dataclass(frozen=True)
class PredictSpec:
    """`samples` is how many predictions the report shows as pictures."""

    batch_size: int | None = None
    samples: int = 24


@dataclass(frozen=True)
class OutputsSpec:
    """`outputs:`. What a run writes beside its record."""

    model: bool = True
    weights: bool = True
    predictions: bool = True
    report: tuple[str, ...] = ("html", "md")
    export: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spec:
    """A whole spec. `data`, `compile` and `fit` are None where the text leaves them out."""

    source: Source = field(repr=False, compare=False)
    name: str
    description: str
    seed: int | None
    data: DataSpec | None
    model: ModelSpec
    compile: CompileSpec | None
    fit: FitSpec | None
    evaluate: EvaluateSpec
    predict: PredictSpec
    outputs: OutputsSpec
    backend: str
    deterministic: bool
    threads: int | str
    ignore: tuple[str, ...]
    hidden: frozenset[str] = field(default=frozenset(), compare=False)
    # Where each top-level key stands, for messages about what a whole section lacks.
    spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)
