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
    Null,
    Record,
    Table,
    Tagged,
    parse_kind,
)

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


def _field(notation: str, doc: str, default: object = None, *, required: bool = False) -> Field:
    return Field(parse_kind(notation), doc, required, default)


_SPLIT_SEED = _field("int>=0", "the seed of Keras' own split", 113)
_TEST = _field("float(0,1)", "the share held out as a test set where the source has none", 0.2)
_SEQUENCES = {
    "num_words": _field("int>=1 | null", "keep this many of the most frequent words"),
    "skip_top": _field("int>=0", "leave out this many of the most frequent words", 0),
    "maxlen": _field("int>=1 | null", "leave out longer sequences"),
    "seed": _SPLIT_SEED,
    "start_char": _field("int>=0", "the id that begins a sequence", 1),
    "oov_char": _field("int>=0", "the id of words left out", 2),
    "index_from": _field("int>=0", "the id of the most frequent word", 3),
}
_TEST_SPLIT = _field("float(0,1)", "the share that becomes the test set", 0.2)
_ARRAYS = "str | map(str)"

SOURCE = Tagged(
    "a data source",
    {
        "mnist": Record("70,000 handwritten digits, 28 by 28", {}),
        "fashion_mnist": Record("70,000 pieces of clothing, 28 by 28", {}),
        "cifar10": Record("60,000 colour pictures in 10 classes, 32 by 32", {}),
        "cifar100": Record(
            "60,000 colour pictures in 100 classes, 32 by 32",
            {"label_mode": _field("'fine' | 'coarse'", "100 classes or their 20 groups", "fine")},
        ),
        "imdb": Record("50,000 film reviews as word ids", _SEQUENCES),
        "reuters": Record("11,228 news reports as word ids", {**_SEQUENCES, "test_split": _TEST_SPLIT}),
        "boston_housing": Record("506 house prices", {"test_split": _TEST_SPLIT, "seed": _SPLIT_SEED}),
        "california_housing": Record(
            "house prices",
            {
                "version": _field("'large' | 'small'", "20,640 or 600 districts", "large"),
                "test_split": _TEST_SPLIT,
                "seed": _SPLIT_SEED,
            },
        ),
        "mnist_sample": Record("5,000 digits of MNIST, inside the package", {}),
        "npz": Record(
            "arrays of NumPy in one file",
            {
                "path": _field("str", "the file, from the spec's folder", required=True),
                "x_train": _field(
                    _ARRAYS, "the array of training inputs, or a map from input names to arrays", "x_train"
                ),
                "y_train": _field(_ARRAYS, "the training targets; `same` for the inputs themselves", "y_train"),
                "x_test": _field(_ARRAYS + " | null", "as `x_train`, for the test set", "x_test"),
                "y_test": _field(_ARRAYS + " | null", "as `y_train`, for the test set", "y_test"),
                "test": _TEST,
                "classes": _field("int>=1 | null", "the number of classes, where the labels do not show it"),
            },
        ),
        "csv": Record(
            "a table with a header line",
            {
                "path": _field("str", "the file, from the spec's folder", required=True),
                "label": _field("str | list(str,1,64) | map(str)", "the column to learn, or several", required=True),
                "features": _field(
                    "list(str,1,100000) | map(list(str)) | null", "the input columns; default: all others"
                ),
                "categories": _field("list(str)", "columns of words to turn into ids", ()),
                "text": _field("list(str)", "columns to keep as strings", ()),
                "test_path": _field("str | null", "a file of test rows"),
                "test": _TEST,
                "delimiter": _field("str", "what separates the columns", ","),
            },
        ),
        "images": Record(
            "a folder with one folder of pictures a class",
            {
                "path": _field("str", "the folder, from the spec's folder", required=True),
                "image_size": _field(
                    "list(int>=1,2)", "height and width in pixels that pictures are brought to", (256, 256)
                ),
                "color_mode": _field("'rgb' | 'grayscale' | 'rgba'", "the channels", "rgb"),
                "interpolation": _field("'bilinear' | 'nearest' | 'bicubic'", "how pictures are resized", "bilinear"),
                "test_path": _field("str | null", "a folder of test pictures"),
                "test": _TEST,
            },
        ),
    },
)

_AXIS = _field("int | null", "the axis whose entries have a statistic of their own")
STEP = Tagged(
    "a preparation step",
    {
        "rescale": Record(
            "divide by a number", {"divisor": _field("float", "what to divide by", required=True)}, "divisor"
        ),
        "standardize": Record("subtract the mean, divide by the deviation, both of the training set", {"axis": _AXIS}),
        "normalize": Record("bring the training set's range to 0..1", {"axis": _AXIS}),
        "resize": Record(
            "bring pictures to a size", {"size": _field("list(int>=1,2)", "height and width", required=True)}, "size"
        ),
        "grayscale": Record("bring colours to one channel", {}),
        "cast": Record("change the dtype", {"dtype": _field("dtype", "the dtype", required=True)}, "dtype"),
        "expand_dims": Record("add an axis of size 1", {"axis": _field("int", "where", -1)}, "axis"),
        "reshape": Record(
            "give each example this shape",
            {"shape": _field("list(int>=-1)", "without the batch; one -1 is worked out", required=True)},
            "shape",
        ),
        "pad_sequences": Record(
            "bring sequences to one length",
            {
                "maxlen": _field("int>=1 | null", "the length; default: the longest of the training set"),
                "padding": _field("'pre' | 'post'", "where to fill up", "pre"),
                "truncating": _field("'pre' | 'post'", "where to cut", "pre"),
                "value": _field("float", "what to fill with", 0),
                "dtype": _field("dtype", "the dtype", "int32"),
            },
            "maxlen",
        ),
        "one_hot": Record(
            "turn class ids into rows with a single 1",
            {"classes": _field("int>=1 | null", "the number of classes; default: what the data says")},
            "classes",
        ),
    },
)

_STEPS: Kind = Either((Listing(STEP), Table(Listing(STEP))))
_LIMIT = _field("int>=1", "at most this many examples")

DATA = Record(
    "data",
    {
        "source": Field(SOURCE, "where the examples come from", required=True),
        "offline": _field("'error' | 'mnist_sample'", "what to do when a download is impossible", "error"),
        "validation": Field(
            Either((parse_kind("float(0,1) | null"), SOURCE)), "the share of the training set to validate on"
        ),
        "limit": Field(
            Either((Record("limit", {"train": _LIMIT, "validation": _LIMIT, "test": _LIMIT}), Null())),
            "use fewer examples",
        ),
        "prepare": Field(
            Record(
                "prepare", {"x": Field(_STEPS, "steps for the inputs"), "y": Field(_STEPS, "steps for the targets")}
            ),
            "what is done to the arrays, in order",
        ),
        "targets": _field("str | map(str)", "what each output learns: y, x, or an array's name", "y"),
        "hold": _field(
            "'auto' | 'stored' | 'prepared' | 'streamed'",
            "inputs as stored, prepared batch by batch; all prepared beforehand; or left on the disk; auto chooses",
            "auto",
        ),
    },
)

_SIZES = "list(int>=1 | null)"
SHAPE = Listing(parse_kind("int>=1 | null"))
_INPUT_FIELDS = {
    "shape": Field(SHAPE, "the shape of one example; null is an unknown size"),
    "dtype": _field("dtype | null", "the dtype"),
    "batch_size": _field("int>=1 | null", "a fixed number of examples"),
    "batch_shape": _field(_SIZES + " | null", "the shape with the batch"),
    "sparse": _field("bool", "whether the input is sparse", False),
    "ragged": _field("bool", "whether the input is ragged", False),
    "optional": _field("bool", "whether the input may be left out", False),
    "name": _field("str | null", "the input's name, where it stands alone"),
}
INPUT: Kind = Either((SHAPE, Record("an input", _INPUT_FIELDS)))
INPUTS: Kind = Table(INPUT, "inputs by name", "image: [28, 28, 1]")

_LAYERS = Listing(LayerEntry())
_OUTPUTS = "list(str,1,1000) | str"
PARAMETERS: Kind = Table(AnyData(), "defaults by parameter")
BLOCK = Record(
    "a block",
    {
        "params": Field(PARAMETERS, "parameters and their defaults: `${name}` in the block"),
        "needs": _field("list(str)", "parameters without a default"),
        "layers": Field(Listing(LayerEntry(), 1), "the block's layers; `input` is what it is given", required=True),
        "outputs": _field(_OUTPUTS, "the block's outputs; default: its last node"),
    },
)
_NODES = "str | list(str,1,100000)"
_USE_NAME = _field("str | null", "the prefix of the block's nodes; default: the block's name")
_USE_PREFIX = _field("str | null", "what stands before the names of the block's nodes; default: the name and `/`")
USE = Record(
    "`use`",
    {
        "block": _field("str", "the block", required=True),
        "with": _field("map(any)", "values for the block's parameters"),
        "from": _field(_NODES, "what the block is given; default: the node before"),
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
        "times": _field("int>=0", "how often", required=True),
        "layers": Field(_LAYERS, "what is repeated; `${i}` counts from 0", required=True),
    },
)

# What an entry of `layers` that nests a model has besides its model; `entries` reads it as of any other layer.
_NODE = {
    "name": _field("any", "the layer's name, and what `from` refers to"),
    "from": _field("any", "what the model is called on; default: the node before"),
    "call": _field("any", "other arguments of the call"),
    "trainable": _field("bool", "whether the weights inside are trained", True),
}
_INNER = Field(_LAYERS, "the layers of the nested model", required=True)
_INNER_OUTPUTS = _field(_OUTPUTS, "the nodes whose output is the nested model's; default: the last")
# A model as one layer of another, by the kind of Keras model. What has no shape takes that of what it is called on.
NESTED = {
    "Sequential": Record("`Sequential`", {"layers": _INNER, "input": Field(INPUT, "its input"), **_NODE}),
    "Functional": Record(
        "`Functional`",
        {"inputs": Field(INPUTS, "its inputs by name"), "layers": _INNER, "outputs": _INNER_OUTPUTS, **_NODE},
    ),
}

MODEL = Record(
    "model",
    {
        "kind": _field("'sequential' | 'functional'", "which kind of Keras model to build", required=True),
        "input": Field(INPUT, "the only input; default: the prepared data's"),
        "inputs": Field(INPUTS, "the inputs by name; default: the prepared data's"),
        "layers": Field(_LAYERS, "the layers", required=True),
        "outputs": _field(_OUTPUTS, "the nodes whose output is the model's; default: the last"),
    },
)

_LOSS = "@losses | null"
COMPILE = Record(
    "compile",
    {
        "optimizer": _field("@optimizers", "the optimizer", "rmsprop"),
        "loss": _field(f"@losses | map({_LOSS})", "the loss, or a map by output name", required=True),
        "loss_weights": _field("map(float) | null", "the weight of each output's loss"),
        "metrics": _field(
            "list(@metrics) | map(@metrics | list(@metrics)) | null", "what to measure, or a map by output name"
        ),
        "weighted_metrics": _field(
            "list(@metrics) | map(@metrics | list(@metrics)) | null", "metrics that class weights apply to"
        ),
        "precision": _field("dtype", "the dtype policy", "float32"),
        "jit_compile": _field("bool | 'auto'", "whether XLA compiles the step", "auto"),
        "steps_per_execution": _field("int>=1 | 'auto'", "steps run in one go; auto chooses for speed", "auto"),
        "run_eagerly": _field("bool", "run step by step in Python, to look inside", False),
        "auto_scale_loss": _field("bool", "scale the loss under float16", True),
    },
)

FIT = Record(
    "fit",
    {
        "epochs": _field("int>=1", "passes over the training set", 1),
        "batch_size": _field("int>=1", "examples a step", 32),
        "shuffle": _field("bool", "a new order in every epoch", True),
        "class_weight": _field("'balanced' | map(float>=0) | null", "the weight of each class"),
        "callbacks": _field("list(@callbacks)", "what watches the training", ()),
        "steps_per_epoch": _field("int>=1 | null", "end an epoch after this many steps"),
        "validation_steps": _field("int>=1 | null", "validate on this many batches"),
        "validation_batch_size": _field("int>=1 | null", "examples a validation step"),
        "validation_freq": _field("int>=1", "validate every so many epochs", 1),
        "checkpoint": _field("'auto' | 'epoch' | int>=1 | null", "how often the state is saved", "auto"),
    },
)

_BATCH = _field("int>=1 | null", "examples a step")
SPEC = Record(
    "a spec",
    {
        "mnistspec": _field("int", "the version of the language", required=True),
        "name": _field("str", "the run folder's name; default: the file's stem"),
        "description": _field("str", "what the spec is about", ""),
        "seed": _field("int>=0 | null", "where all randomness starts; null: from the operating system", 0),
        "extends": _field("str | list(str,1,32)", "a spec, or several, to start from: paths from this spec's folder"),
        "vars": _field("map(any)", "values for ${name}", {}),
        "blocks": Field(Table(BLOCK, "blocks by name", "stem: {layers: [...]}"), "reusable pieces of graph"),
        "data": Field(DATA, "the examples"),
        "model": Field(MODEL, "the model", required=True),
        "compile": Field(COMPILE, "how it learns"),
        "fit": Field(FIT, "the training"),
        "evaluate": Field(
            Record("evaluate", {"batch_size": _BATCH, "steps": _field("int>=1 | null", "batches to evaluate")}),
            "the evaluation",
        ),
        "predict": Field(
            Record("predict", {"batch_size": _BATCH, "samples": _field("int>=0", "pictures in the report", 24)}),
            "the prediction of the test set",
        ),
        "outputs": Field(
            Record(
                "outputs",
                {
                    "model": _field("bool", "save model.keras", True),
                    "weights": _field("bool", "save model.weights.h5", True),
                    "predictions": _field("bool", "save predictions.npz and predictions.csv", True),
                    "report": _field("list('html' | 'md')", "the reports to write", ("html", "md")),
                    "export": _field("list('saved_model' | 'onnx' | 'litert' | 'openvino')", "other formats", ()),
                },
            ),
            "what is saved",
        ),
        "backend": _field("'tensorflow' | 'jax' | 'torch'", "what Keras runs on", "tensorflow"),
        "deterministic": _field("bool", "the same bits on the same machine, at some cost in speed", False),
        "threads": _field("int>=1 | 'auto'", "how many threads the processor computes with", "auto"),
        "ignore": _field("list(str)", "warnings not wanted in this spec, by name", ()),
    },
)
