"""The functions of `keras.ops`: which arguments are tensors, what values the others take, which are refused."""

from __future__ import annotations

# Arguments that are tensors, whatever the function: what `from` gives, or a constant in its place.
_TENSORS = frozenset([
    "a", "abs_", "angle", "array", "b", "bias", "beta", "bins", "choicelist", "condition", "condlist",
    "coordinates", "data", "default", "depthwise_kernel", "end_points", "fill_value", "gamma", "image1", "image2",
    "images", "indices", "inputs", "kernel", "key", "mask", "mean", "offset", "operands", "output", "output_length",
    "pointwise_kernel", "predictions", "q", "query", "scale", "segment_ids", "sequence_lengths", "sorted_sequence",
    "start", "start_indices", "start_points", "stop", "target", "target_length", "targets", "tensor", "transform",
    "translation", "updates", "value", "values", "variable", "variance", "volumes", "weights", "x", "x1", "x2",
    "xs", "y",
])  # fmt: skip
# Of these names, but settings: plain values that the operation is made with.
_SETTINGS = frozenset([
    "diagonal.offset", "trace.offset", "histogram.bins", "squareplus.b", "trapezoid.x", "bincount.weights",
    "image.affine_transform.fill_value", "image.elastic_transform.fill_value", "image.map_coordinates.fill_value",
    "image.perspective_transform.fill_value", "image.resize.fill_value", "unique.fill_value", "get_item.key",
])  # fmt: skip
# Tensors by the dozen: `stack` and `meshgrid` call theirs `x`, as others call their only one. The transforms of
# frequencies take two, the real and the imaginary part.
_LISTS = frozenset(["choicelist", "condlist", "xs", "stack.x", "fft.x", "fft2.x", "ifft2.x", "irfft.x", "istft.x"])
_REST = frozenset(["einsum.operands", "meshgrid.x"])

_WINDOW = "int>=1 | list(int>=1,1,3)"

# The kinds of the other arguments, by name.
_KINDS: dict[str, str] = {
    "bool": """
        antialias approximate assume_unique center compute_uv crop_to_aspect_ratio endpoint equal_nan
        from_logits full_matrices increasing invert is_causal keepdims lower merge_repeated
        pad_to_aspect_ratio retstep return_counts return_index return_inverse sorted sparse synchronized upper
        """,
    "bool | null": "flash_attention ragged",
    "int": "axis1 axis2 axisa axisb axisc decimals k kth mask_index minlength offset",
    "int | null": "seed tol",
    "int>=0 | null": """
        bottom_cropping bottom_padding left_cropping left_padding right_cropping right_padding target_height
        target_width top_cropping top_padding
        """,
    "int>=1": """
        beam_width block_size filter_size n num num_classes sequence_length sequence_stride top_paths
        """,
    "int>=1 | null": "N fft_length length num_segments",
    "int | list(int) | null": "axis",
    "int | list(int)": "destination shift source",
    "int>=0 | list(int>=0)": "repeats",
    "int>=1 | list(int>=1)": "indices_or_sections order size",
    "list(int>=-1)": "newshape shape",
    "list(int) | null": "axes",
    "float": """
        alpha base beta dx epsilon filter_sigma initial k1 k2 max_val nan negative_slope rcond threshold x_max x_min
        """,
    "float | null": "attn_logits_soft_cap constant_values default_value fill_value neginf posinf",
    "float | list(float)": "atol rtol sigma",
    "dtype | null": "dtype",
    "str": "pattern subscripts",
    "str | null": "window reduction",
    "'channels_first'/i | 'channels_last'/i | null": "data_format",
    "'valid' | 'same'": "padding",
    _WINDOW: "dilation_rate kernel_size output_size pool_size",
    f"{_WINDOW} | null": "output_padding strides",
    "'constant' | 'nearest' | 'reflect' | 'wrap' | 'mirror'": "fill_mode",
    "'nearest' | 'bilinear' | 'bicubic' | 'lanczos3' | 'lanczos5'": "interpolation",
    "'left' | 'right'": "side",
    "'xy' | 'ij'": "indexing",
    "'greedy' | 'beam_search'": "strategy",
    "'linear' | 'lower' | 'higher' | 'midpoint' | 'nearest'": "method",
    "list(float,2) | null": "range",
    "list(int>=1)": "output_shape",
    "list(int>=0)": "spatial_dims",
    "int>=0 | list(int>=0,2)": "stride dilation",
    "int>=0 | list(int>=0 | list(int>=0,2))": "pad_width",
}


def _alike(kind: str, argument: str, functions: str) -> dict[str, str]:
    """One kind for the argument of several functions."""
    return {f"{function}.{argument}": kind for function in functions.split()}


# Where the name alone does not decide.
_BY_FUNCTION: dict[str, str] = {
    **_alike("int", "axis", """
        argpartition argsort array_split categorical_crossentropy concatenate diff geomspace glu linspace logspace
        one_hot sort sparse_categorical_crossentropy sparsemax split stack trapezoid unstack
        """),
    **_alike("int | null", "axis", """
        append argmax argmin cross cumprod cumsum nanargmax nanargmin nancumprod nancumsum repeat take take_along_axis
        unique
        """),
    **_alike("int | list(int)", "axis", "batch_normalization expand_dims"),
    **_alike("int | list(int) | null", "axis", "log_softmax softmax"),
    "moments.axes": "int | list(int)",
    "cast.dtype": "dtype", "saturate_cast.dtype": "dtype",
    "fold.padding": "int>=0 | list(int>=0,2)", "unfold.padding": "int>=0 | list(int>=0,2)",
    **dict.fromkeys(
        ("average_pool.padding", "conv.padding", "conv_transpose.padding", "depthwise_conv.padding", "max_pool.padding",
         "separable_conv.padding"), "'valid'/i | 'same'/i"),
    **dict.fromkeys(("adaptive_average_pool.data_format", "adaptive_max_pool.data_format"),
                    "'channels_first' | 'channels_last' | null"),
    "fold.output_size": "int>=1 | list(int>=1,2)",
    **dict.fromkeys(("adaptive_average_pool.output_size", "adaptive_max_pool.output_size"), _WINDOW),
    "top_k.k": "int>=1", "in_top_k.k": "int>=1",
    "histogram.bins": "int>=1", "stft.fft_length": "int>=1", "istft.fft_length": "int>=1",
    "correlate.mode": "'valid' | 'same' | 'full'", "qr.mode": "'reduced' | 'complete'",
    "pad.mode": "'constant' | 'reflect' | 'symmetric'",
    "max.initial": "float | null", "min.initial": "float | null",
    "layer_normalization.epsilon": "float>=0 | null", "normalize.epsilon": "float>=0 | null",
    "rms_normalization.epsilon": "float>=0 | null", "pinv.rcond": "float | null", "lstsq.rcond": "float | null",
    "matrix_rank.tol": "float | null",
    "norm.ord": "int | float | 'fro' | 'nuc' | null", "normalize.order": "float>0",
    "tensordot.axes": "int>=0 | list(int | list(int),2)",
    "rot90.axes": "list(int,2)", "image.map_coordinates.order": "int[0,1]",
    "image.gaussian_blur.kernel_size": "list(int>=1,2)", "image.gaussian_blur.sigma": "list(float>0,2)",
    "image.elastic_transform.sigma": "float>0",
    "image.scale_and_translate.method": "'linear' | 'bilinear' | 'cubic' | 'bicubic' | 'lanczos3' | 'lanczos5'",
    "image.extract_patches_3d.size": "int>=1 | list(int>=1,3)",
    "image.extract_patches_3d.strides": "int>=1 | list(int>=1,3) | null",
    "image.resize.size": "list(int>=1,2)", "image.extract_patches.size": "int>=1 | list(int>=1,2)",
    "image.resize.interpolation": "'nearest' | 'bilinear' | 'bicubic' | 'lanczos3' | 'lanczos5' | 'area'",
    "fold.kernel_size": "int>=1 | list(int>=1,2)", "unfold.kernel_size": "int>=1 | list(int>=1,2)",
    "multi_hot.num_classes": "int>=1", "unstack.num": "int>=1 | null", "unique.size": "int>=1 | null",
    "squareplus.b": "float", "trapezoid.x": "null", "bincount.weights": "null",
    "scatter_update.reduction": "'add'/i | 'max'/i | 'min'/i | 'mul'/i | null", "threshold.default_value": "float",
    "cholesky.upper": "bool", "get_item.key": "int | list(index)",
}  # fmt: skip

_PYTHON = "it takes a Python function, and a spec is data"
_NOTHING = "it is called on no tensor; a constant can be given where it is used"
_NO_SYMBOL = "Keras does not call it on a tensor of a model"
_NO_TENSOR = "what it gives is no tensor"
REFUSED: dict[str, str] = {
    **dict.fromkeys(
        ("associative_scan", "cond", "custom_gradient", "fori_loop", "jvp", "map", "scan", "switch", "vectorize",
         "vectorized_map", "while_loop"), _PYTHON),
    **dict.fromkeys(("arange", "empty", "eye", "full", "identity", "ones", "tri", "zeros"), _NOTHING),
    **dict.fromkeys(("bartlett", "blackman", "hamming", "hanning", "kaiser"), _NO_SYMBOL),
    **dict.fromkeys(("convert_to_numpy", "dtype", "is_tensor", "ndim", "shape", "size"), _NO_TENSOR),
    "convert_to_tensor": "what it is called on is a tensor already; use `ops.cast`",
    "rearrange": "the sizes of its axes have names of their own; use `ops.reshape` and `ops.transpose`",
}  # fmt: skip
_KIND_OF = {name: " ".join(kind.split()) for kind, names in _KINDS.items() for name in names.split()}


def tensor_form(function: str, argument: str) -> str | None:
    """How an argument takes tensors: `one`, a `list`, `rest` for all by their places; None: it takes none."""
    place = f"{function}.{argument}"
    if place in _SETTINGS or (argument not in _TENSORS and place not in _LISTS):
        return None
    if place in _REST:
        return "rest"
    return "list" if {argument, place} & _LISTS else "one"


def function_kind(function: str, argument: str, *, optional: bool) -> str:
    """The kind of one argument; of a tensor, that of a constant in its place. Raises: LookupError for unknown ones."""
    if tensor_form(function, argument) is not None:
        return "constant | null" if optional else "constant"
    place = f"{function}.{argument}"
    kind = _BY_FUNCTION.get(place) or _KIND_OF.get(argument)
    if kind is None:
        raise LookupError(f"functions.py has no kind for ops.{place}: add a line")
    return kind
