"""The language as data: every key of a spec with its kind, default and meaning, in the kinds the catalogue uses.

Validating, binding and the published JSON Schema all read these tables; Keras' own classes come from the catalogue.
"""

from __future__ import annotations

from mnistspec.catalogue.kinds import (
    AnyData,
    Either,
    Field,
    Kind,
    LayerEntry,
    Listing,
    Record,
    Table,
    field,
    parse_kind,
)
from mnistspec.data_language import DATA

VERSION = 1

# The backends on which a model can be exported to a format.
EXPORT_BACKENDS = {
    "saved_model": ("tensorflow", "jax"),
    "onnx": ("tensorflow",),
    "litert": ("tensorflow",),
    "openvino": ("tensorflow",),
}
# How the examples are shuffled in an epoch, counted from 0, for programs that are to make the same order.
ORDER = "numpy.random.Generator(numpy.random.Philox(key=[seed, epoch])).permutation(examples)"
# The key of an entry of `layers` that calls an existing layer again.
SHARE = "share"
# How the names of functions of `keras.ops` begin in `layers`.
FUNCTION_PREFIX = "ops."
# How the names of the models of `keras.applications` begin there.
APPLICATION_PREFIX = "applications."

_SIZES = "list(int>=1 | null)"
# Layers and uses of blocks that a spec may have, those that blocks and repeats bring in among them.
MAX_LAYERS = 20_000
SHAPE = Listing(parse_kind("int>=1 | null"))
INPUT_FIELDS = {
    "shape": Field(SHAPE, "the shape of one example; null is an unknown size"),
    "dtype": field("dtype | null", "the dtype"),
    "batch_size": field("int>=1 | null", "a fixed number of examples"),
    "batch_shape": field(_SIZES + " | null", "the shape with the batch"),
    "sparse": field("bool", "whether the input is sparse", False),
    "ragged": field("bool", "whether the input is ragged", False),
    "optional": field("bool", "whether the input may be left out", False),
    "name": field("str | null", "the input's name, where it stands alone"),
}
INPUT: Kind = Either((SHAPE, Record("an input", INPUT_FIELDS)))
INPUTS: Kind = Table(INPUT, "inputs by name", "image: [28, 28, 1]")

_LAYERS = Listing(LayerEntry())
_OUTPUTS = "list(str,1,1000) | str"
PARAMETERS: Kind = Table(AnyData(), "defaults by parameter")
BLOCK = Record(
    "a block",
    {
        "params": Field(PARAMETERS, "parameters and their defaults: `${name}` in the block"),
        "needs": field("list(str)", "parameters without a default"),
        "layers": Field(Listing(LayerEntry(), 1), "the block's layers; `input` is what it is given", required=True),
        "outputs": field(_OUTPUTS, "the block's outputs; default: its last node"),
    },
)
_NODES = "str | list(str,1,100000)"
_USE_NAME = field("str | null", "the prefix of the block's nodes; default: the block's name")
_USE_PREFIX = field("str | null", "what stands before the names of the block's nodes; default: the name and `/`")
USE = Record(
    "`use`",
    {
        "block": field("str", "the block", required=True),
        "with": field("map(any)", "values for the block's parameters"),
        "from": field(_NODES, "what the block is given; default: the node before"),
        "name": _USE_NAME,
        "prefix": _USE_PREFIX,
    },
)
# A `use` when the block is in place.
USED = Record(
    "`use`",
    {
        "block": USE.fields["block"],
        "from": USE.fields["from"],
        "name": _USE_NAME,
        "prefix": _USE_PREFIX,
        "layers": Field(_LAYERS, "the block's layers", required=True),
        "outputs": BLOCK.fields["outputs"],
    },
)
REPEAT = Record(
    "`repeat`",
    {
        "times": field("int>=0", "how often", required=True),
        "layers": Field(_LAYERS, "what is repeated; `${i}` counts from 0", required=True),
    },
)

# How many lists and maps `structure` may have inside one another.
STRUCTURE_DEPTH = 4


def _structure(depth: int) -> Kind:
    """Names, alone or in lists and maps inside one another."""
    inner = _structure(depth - 1) if depth > 1 else parse_kind("str")
    return Either((parse_kind("str"), Listing(inner, 1), Table(inner)), f"names in lists or maps up to {depth} deep")


STRUCTURE = Record(
    "`structure`",
    {
        "inputs": Field(_structure(STRUCTURE_DEPTH), "the inputs' names, in lists or maps"),
        "outputs": Field(_structure(STRUCTURE_DEPTH), "the nodes that give the outputs, in lists or maps"),
    },
)
_IN_STRUCTURE = Field(STRUCTURE, "how Keras has the inputs and outputs; default: one alone, several in a list")

_POLICY = field("dtype | null", "the dtype policy of the model and of all in it that names none; default: as around it")

# What an entry of `layers` that nests a model has besides its model; `entries` reads it as of any other layer.
_NODE = {
    "name": field("any", "the layer's name, and what `from` refers to"),
    "from": field("any", "what the model is called on; default: the node before"),
    "call": field("any", "other arguments of the call"),
    "trainable": field("bool", "whether the weights inside are trained", True),
    "dtype": _POLICY,
}
_INNER = Field(_LAYERS, "the layers of the nested model", required=True)
_INNER_OUTPUTS = field(_OUTPUTS, "the nodes whose output is the nested model's; default: the last")
# A model as one layer of another, by the kind of Keras model. What has no shape takes that of what it is called on.
NESTED = {
    "Sequential": Record("`Sequential`", {"layers": _INNER, "input": Field(INPUT, "its input"), **_NODE}),
    "Functional": Record(
        "`Functional`",
        {
            "inputs": Field(INPUTS, "its inputs by name"),
            "layers": _INNER,
            "outputs": _INNER_OUTPUTS,
            "structure": _IN_STRUCTURE,
            **_NODE,
        },
    ),
}
# What the call of a nested model may be told: whether it trains, and that there is no mask.
NESTED_CALL = ("training", "mask")

MODEL = Record(
    "model",
    {
        "kind": field("'sequential' | 'functional'", "which kind of Keras model to build", required=True),
        "input": Field(INPUT, "the only input; default: the prepared data's"),
        "inputs": Field(INPUTS, "the inputs by name; default: the prepared data's"),
        "layers": Field(_LAYERS, "the layers", required=True),
        "outputs": field(_OUTPUTS, "the nodes whose output is the model's; default: the last"),
        "structure": _IN_STRUCTURE,
        "dtype": field("dtype | null", "the dtype policy; default: `compile.precision`"),
        "trainable": field("bool", "whether the weights are trained", True),
    },
)

_LOSS = "@losses | null | list(@losses | null)"
_LOSSES = Either((parse_kind("@losses"), Listing(parse_kind(_LOSS), 1), Table(parse_kind(_LOSS))))
_WEIGHTS = "map(float | null) | list(float | null) | float | null"
_METRIC = "@metrics | null | list(@metrics | null)"
_METRICS = f"list({_METRIC}) | map({_METRIC}) | null"
COMPILE = Record(
    "compile",
    {
        "optimizer": field("@optimizers", "the optimizer", "rmsprop"),
        "loss": Field(_LOSSES, "the loss, or a map by output name", required=True),
        "loss_weights": field(_WEIGHTS, "the weight of each output's loss"),
        "metrics": field(_METRICS, "what to measure, or a map by output name"),
        "weighted_metrics": field(_METRICS, "metrics that class weights apply to"),
        "precision": field("dtype", "the dtype policy", "float32"),
        "jit_compile": field("bool | 'auto'", "whether XLA compiles the step", "auto"),
        "steps_per_execution": field("int>=1 | 'auto'", "steps run in one go; auto chooses for speed", "auto"),
        "run_eagerly": field("bool", "run step by step in Python, to look inside", False),
        "auto_scale_loss": field("bool", "scale the loss under float16", True),
    },
)

FIT = Record(
    "fit",
    {
        "epochs": field("int>=1", "passes over the training set", 1),
        "batch_size": field("int>=1", "examples a step", 32),
        "shuffle": field("bool", "a new order in every epoch", True),
        "class_weight": field("'balanced' | map(float>=0) | null", "the weight of each class"),
        "callbacks": field("list(@callbacks)", "what watches the training", ()),
        "steps_per_epoch": field("int>=1 | null", "end an epoch after this many steps"),
        "validation_steps": field("int>=1 | null", "validate on this many batches"),
        "validation_batch_size": field("int>=1 | null", "examples a validation step"),
        "validation_freq": field("int>=1", "validate every so many epochs", 1),
        "checkpoint": field("'auto' | 'epoch' | int>=1 | null", "how often the state is saved", "auto"),
    },
)

_BATCH = field("int>=1 | null", "examples a step")
SPEC = Record(
    "a spec",
    {
        "mnistspec": field("int", "the version of the language", required=True),
        "name": field("str", "the run folder's name; default: the file's stem"),
        "description": field("str", "what the spec is about", ""),
        "seed": field("int>=0 | null", "where all randomness starts; null: from the operating system", 0),
        "extends": field("str | list(str,1,32)", "a spec, or several, to start from: paths from this spec's folder"),
        "vars": field("map(any)", "values for ${name}", {}),
        "blocks": Field(Table(BLOCK, "blocks by name", "stem: {layers: [...]}"), "reusable pieces of graph"),
        "data": Field(DATA, "the examples"),
        "model": Field(MODEL, "the model", required=True),
        "compile": Field(COMPILE, "how it learns"),
        "fit": Field(FIT, "the training"),
        "evaluate": Field(
            Record("evaluate", {"batch_size": _BATCH, "steps": field("int>=1 | null", "batches to evaluate")}),
            "the evaluation",
        ),
        "predict": Field(
            Record("predict", {"batch_size": _BATCH, "samples": field("int>=0", "pictures in the report", 24)}),
            "the prediction of the test set",
        ),
        "outputs": Field(
            Record(
                "outputs",
                {
                    "model": field("bool", "save model.keras", True),
                    "weights": field("bool", "save model.weights.h5", True),
                    "predictions": field("bool", "save predictions.npz and predictions.csv", True),
                    "report": field("list('html' | 'md')", "the reports to write", ("html", "md")),
                    "export": field("list('saved_model' | 'onnx' | 'litert' | 'openvino')", "other formats", ()),
                },
            ),
            "what is saved",
        ),
        "backend": field("'tensorflow' | 'jax' | 'torch'", "what Keras runs on", "tensorflow"),
        "deterministic": field("bool", "the same bits on the same machine, at some cost in speed", False),
        "threads": field("int>=1 | 'auto'", "how many threads the processor computes with", "auto"),
        "ignore": field("list(str)", "warnings not wanted in this spec, by name", ()),
    },
)
