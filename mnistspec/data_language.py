"""The language of `data`, as data: where examples come from, how they are prepared and split."""

from __future__ import annotations

from mnistspec.catalogue.kinds import (
    Either,
    Field,
    Kind,
    Listing,
    Null,
    Record,
    Table,
    Tagged,
    field,
    parse_kind,
)

_SPLIT_SEED = field("int>=0", "the seed of Keras' own split", 113)
_TEST = field("float(0,1)", "the share held out as a test set where the source has none", 0.2)
_SEQUENCES = {
    "num_words": field("int>=1 | null", "keep this many of the most frequent words"),
    "skip_top": field("int>=0", "leave out this many of the most frequent words", 0),
    "maxlen": field("int>=1 | null", "leave out longer sequences"),
    "seed": _SPLIT_SEED,
    "start_char": field("int>=0", "the id that begins a sequence", 1),
    "oov_char": field("int>=0", "the id of words left out", 2),
    "index_from": field("int>=0", "the id of the most frequent word", 3),
}
_TEST_SPLIT = field("float(0,1)", "the share that becomes the test set", 0.2)
_ARRAYS = "str | map(str)"

SOURCE = Tagged(
    "a data source",
    {
        "mnist": Record("70,000 handwritten digits, 28 by 28", {}),
        "fashion_mnist": Record("70,000 pieces of clothing, 28 by 28", {}),
        "cifar10": Record("60,000 colour pictures in 10 classes, 32 by 32", {}),
        "cifar100": Record(
            "60,000 colour pictures in 100 classes, 32 by 32",
            {"label_mode": field("'fine' | 'coarse'", "100 classes or their 20 groups", "fine")},
        ),
        "imdb": Record("50,000 film reviews as word ids", _SEQUENCES),
        "reuters": Record("11,228 news reports as word ids", {**_SEQUENCES, "test_split": _TEST_SPLIT}),
        "boston_housing": Record("506 house prices", {"test_split": _TEST_SPLIT, "seed": _SPLIT_SEED}),
        "california_housing": Record(
            "house prices",
            {
                "version": field("'large' | 'small'", "20,640 or 600 districts", "large"),
                "test_split": _TEST_SPLIT,
                "seed": _SPLIT_SEED,
            },
        ),
        "mnist_sample": Record("5,000 digits of MNIST, inside the package", {}),
        "npz": Record(
            "arrays of NumPy in one file",
            {
                "path": field("str", "the file, from the spec's folder", required=True),
                "x_train": field(
                    _ARRAYS, "the array of training inputs, or a map from input names to arrays", "x_train"
                ),
                "y_train": field(_ARRAYS, "the training targets; `same` for the inputs themselves", "y_train"),
                "x_test": field(_ARRAYS + " | null", "as `x_train`, for the test set", "x_test"),
                "y_test": field(_ARRAYS + " | null", "as `y_train`, for the test set", "y_test"),
                "test": _TEST,
                "classes": field("int>=1 | null", "the number of classes, where the labels do not show it"),
            },
        ),
        "csv": Record(
            "a table with a header line",
            {
                "path": field("str", "the file, from the spec's folder", required=True),
                "label": field("str | list(str,1,64) | map(str)", "the column to learn, or several", required=True),
                "features": field(
                    "list(str,1,100000) | map(list(str)) | null", "the input columns; default: all others"
                ),
                "categories": field("list(str)", "columns of words to turn into ids", ()),
                "text": field("list(str)", "columns to keep as strings", ()),
                "test_path": field("str | null", "a file of test rows"),
                "test": _TEST,
                "delimiter": field("str", "what separates the columns", ","),
            },
        ),
        "images": Record(
            "a folder with one folder of pictures a class",
            {
                "path": field("str", "the folder, from the spec's folder", required=True),
                "image_size": field(
                    "list(int>=1,2)", "height and width in pixels that pictures are brought to", (256, 256)
                ),
                "color_mode": field("'rgb' | 'grayscale' | 'rgba'", "the channels", "rgb"),
                "interpolation": field("'bilinear' | 'nearest' | 'bicubic'", "how pictures are resized", "bilinear"),
                "test_path": field("str | null", "a folder of test pictures"),
                "test": _TEST,
            },
        ),
    },
)

_AXIS = field("int | null", "the axis whose entries have a statistic of their own")
STEP = Tagged(
    "a preparation step",
    {
        "rescale": Record(
            "divide by a number", {"divisor": field("float", "what to divide by", required=True)}, "divisor"
        ),
        "standardize": Record("subtract the mean, divide by the deviation, both of the training set", {"axis": _AXIS}),
        "normalize": Record("bring the training set's range to 0..1", {"axis": _AXIS}),
        "resize": Record(
            "bring pictures to a size", {"size": field("list(int>=1,2)", "height and width", required=True)}, "size"
        ),
        "grayscale": Record("bring colours to one channel", {}),
        "cast": Record("change the dtype", {"dtype": field("dtype", "the dtype", required=True)}, "dtype"),
        "expand_dims": Record("add an axis of size 1", {"axis": field("int", "where", -1)}, "axis"),
        "reshape": Record(
            "give each example this shape",
            {"shape": field("list(int>=-1)", "without the batch; one -1 is worked out", required=True)},
            "shape",
        ),
        "pad_sequences": Record(
            "bring sequences to one length",
            {
                "maxlen": field("int>=1 | null", "the length; default: the longest of the training set"),
                "padding": field("'pre' | 'post'", "where to fill up", "pre"),
                "truncating": field("'pre' | 'post'", "where to cut", "pre"),
                "value": field("float", "what to fill with", 0),
                "dtype": field("dtype", "the dtype", "int32"),
            },
            "maxlen",
        ),
        "one_hot": Record(
            "turn class ids into rows with a single 1",
            {"classes": field("int>=1 | null", "the number of classes; default: what the data says")},
            "classes",
        ),
    },
)

_STEPS: Kind = Either((Listing(STEP), Table(Listing(STEP))))
_LIMIT = field("int>=1", "at most this many examples")

DATA = Record(
    "data",
    {
        "source": Field(SOURCE, "where the examples come from", required=True),
        "offline": field("'error' | 'mnist_sample'", "what to do when a download is impossible", "error"),
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
        "targets": field("str | map(str)", "what each output learns: y, x, or an array's name", "y"),
        "hold": field(
            "'auto' | 'stored' | 'prepared' | 'streamed'",
            "inputs as stored, prepared batch by batch; all prepared beforehand; or left on the disk; auto chooses",
            "auto",
        ),
    },
)
