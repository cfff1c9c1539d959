"""Calls of functions of `keras.ops` to ask Keras about: tensors and settings that mostly fit, and often do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from mnistspec.calls import Call
from mnistspec.catalogue import Argument, ClassFacts
from mnistspec.catalogue.kinds import Listing, Null
from mnistspec.shapes.base import Inputs, Shape, Tensor
from mnistspec.source import Source, Span
from mnistspec.values.matching import options_of

from .strategies import Draw, Values, of_kind

_NOWHERE = Span(Source(""), 0, 0)
_DTYPES = st.sampled_from(("float32",) * 4 + ("float16", "bfloat16", "float64", "int32", "int64", "uint8", "bool"))
_SIZES = st.sampled_from((1, 2, 3, 4, 4, None))
_AXIS = st.integers(-4, 3)
_LISTED_AXES = st.lists(st.integers(-2, 1), max_size=2).map(tuple)
_CONSTANTS = st.sampled_from((2, 0.5, True, (1, 2, 3, 4), (0.5,), ((1, 2), (3, 4)), {"float64": 0.5}))
_INDEX = st.sampled_from((0, 1, -1, ":", ":", "1:", ":-1", "::2", "::-1", "...", "newaxis"))
_IMAGES: Sequence[Shape] = ((2, 8, 9, 3), (None, 8, 8, 3), (6, 7, 3), (None, None, 7, 3), (2, 3, 8, 8))
_SQUARES: Sequence[Shape] = ((3, 3), (2, 4, 4), (None, 3, 3), (None, None))
_MATRICES: Sequence[Shape] = ((3, 2), (2, 3, 4), (None, 4, 4))
_LOSSES: Sequence[Mapping[str, Any]] = [{"target": shape, "output": shape} for shape in ((2, 4), (None, 3, 4), (4,))]
_COMPLEX = [{"x": [shape, shape]} for shape in ((4,), (2, 8), (None, 3, 6), (None, None, 5))]
_SOLVED = [{"a": (3, 3), "b": (3, 2)}, {"a": (3, 3), "b": (3,)}, {"a": (None, 3, 3), "b": (None, 3, 2)}]
_SEGMENTS = [{"data": (None, 3), "segment_ids": (None,)}, {"data": (4, 2), "segment_ids": (4,)}]


def _each(name: str, shapes: Sequence[Shape]) -> Sequence[Mapping[str, Any]]:
    return [{name: shape} for shape in shapes]


_CONVOLVED = [
    {"inputs": (None, 9, 3), "kernel": (2, 3, 4)}, {"inputs": (2, 8, 9, 3), "kernel": (2, 3, 3, 4)},
    {"inputs": (None, 6, None, 2), "kernel": (2, 2, 2, 5)}, {"inputs": (2, 4, 8, 8), "kernel": (2, 3, 4, 4)},
    {"inputs": (None, 6, 7, 8, 2), "kernel": (2, 3, 2, 2, 1)},
]  # fmt: skip
_POOLED = _each("inputs", ((None, 9, 3), (2, 8, 9, 3), (None, None, 7, 3), (2, 6, 7, 8, 2)))
_SUMMED = [{"x1": (2, 3), "x2": (3,)}, {"x1": (3, 3), "x2": (None, 3, 3)}]
# Shapes that fit one another, by function: what drawing at random would hardly find.
_FITTING: dict[str, Sequence[Mapping[str, Any]]] = {
    **dict.fromkeys(("conv", "depthwise_conv"), _CONVOLVED),
    "conv_transpose": [
        {"inputs": (None, 9, 3), "kernel": (2, 4, 3)}, {"inputs": (2, 8, 9, 3), "kernel": (2, 3, 4, 3)},
        {"inputs": (None, 4, None, 4), "kernel": (2, 2, 5, 4)},
        {"inputs": (None, 6, 7, 8, 2), "kernel": (2, 3, 2, 1, 2)},
    ],
    "separable_conv": [
        {"inputs": (None, 9, 3), "depthwise_kernel": (2, 3, 2), "pointwise_kernel": (1, 6, 4)},
        {"inputs": (2, 8, 9, 3), "depthwise_kernel": (2, 3, 3, 1), "pointwise_kernel": (1, 1, 3, 5)},
    ],
    **dict.fromkeys(("average_pool", "max_pool", "adaptive_average_pool", "adaptive_max_pool"), _POOLED),
    **dict.fromkeys(("depth_to_space", "space_to_depth"), _each("x", ((2, 4, 6, 4), (None, 4, 4, 16), (2, 4, 8, 8)))),
    "unfold": _each("x", ((2, 3, 8, 9), (None, 3, 6, 6))), "fold": _each("x", ((2, 12, 9), (None, 4, 9))),
    **dict.fromkeys(("binary_crossentropy", "categorical_crossentropy"), _LOSSES),
    "sparse_categorical_crossentropy": [
        {"target": (None,), "output": (None, 4)}, {"target": (2, 1), "output": (2, 4)},
        {"target": (None, 3), "output": (None, 3, 4)}, {"target": (4,), "output": (3, 4)},
    ],
    "ctc_loss": [{"target": (2, 3), "output": (2, 5, 4), "target_length": (2,), "output_length": (2,)}],
    "ctc_decode": [{"inputs": (None, 5, 4), "sequence_lengths": (None,)}],
    "batch_normalization": [
        {"x": (2, 4), **dict.fromkeys(names, (4,))}
        for names in (("mean", "variance"), ("mean", "variance", "scale"), ("mean", "variance", "offset", "scale"))
    ],
    "dot_product_attention": [dict.fromkeys(("query", "key", "value"), (2, 5, 3, 4))],
    **dict.fromkeys(("fft", "fft2", "ifft2", "irfft", "istft"), _COMPLEX),
    **dict.fromkeys(("cholesky", "cholesky_inverse", "det", "eig", "eigh", "inv", "lu_factor"), _each("x", _SQUARES)),
    **dict.fromkeys(("pinv", "qr", "svd", "matrix_rank"), _each("x", _MATRICES)),
    **dict.fromkeys(("solve", "solve_triangular"), _SOLVED),
    "lstsq": [{"a": (4, 2), "b": (4,)}, {"a": (None, 2), "b": (None, 3)}],
    **dict.fromkeys(("segment_max", "segment_min", "segment_prod", "segment_sum"), _SEGMENTS),
    "cdist": [{"x": (2, 3, 4), "y": (2, 5, 4)}, {"x": (None, 3, 4), "y": (5, 4)}],
    "correlate": [{"x1": (4,), "x2": (3,)}, {"x1": (2,), "x2": (5,)}],
    "cross": [{"x1": (2, 3), "x2": (2, 3)}, {"x1": (None, 2), "x2": (None, 3)}, {"x1": (4, 2), "x2": (4, 2)}],
    **dict.fromkeys(("dot", "inner"), _SUMMED),
    "einsum": [
        {"operands": list(shapes)} for shapes in (
            ((None, 3), (3, 4)), ((None, 2, 3), (2, 3)), ((2, 3),), ((None, 2, 3), (3, 4)), ((4, 2, 3), (4, 2, 3)),
            ((None, 5, 2, 3), (None, 5, 1, 3)), ((4, 5, 2, 3), (2, 3)), ((5, 2, 3), ()),
        )
    ],
    "matmul": [{"x1": (None, 2, 3), "x2": (3, 4)}],
    "tensordot": [{"x1": (2, 3, 4), "x2": (3, 4, 5)}, {"x1": (None, 3), "x2": (3, 4)}],
    "searchsorted": [{"sorted_sequence": (4,), "values": (2, 3)}, {"sorted_sequence": (None,), "values": (3,)}],
    "digitize": [{"x": (2, 3), "bins": (4,)}],
    "diag": _each("x", ((3,), (3, 4), (None,), (None, 3))), "vander": _each("x", ((3,), (None,))),
    "take_along_axis": [{"x": (2, 3), "indices": (2, 1)}, {"x": (None, 3), "indices": (None, 3)}],
    "dstack": [{"xs": [(2, 3), (2, 3)]}, {"xs": [(3,)]}], "hstack": [{"xs": [(2, 3), (2, 4)]}],
    "vstack": [{"xs": [(2, 3), (4, 3)]}], "append": [{"x1": (2, 3), "x2": (4, 3)}],
    **{f"image.{name}": _each("images", _IMAGES) for name in (
        "crop_images", "elastic_transform", "extract_patches", "gaussian_blur", "hsv_to_rgb", "pad_images", "resize",
        "rgb_to_grayscale", "rgb_to_hsv", "sobel_edges",
    )},
    "image.extract_patches_3d": _each("volumes", ((2, 4, 6, 8, 3), (4, 6, 8, 2), (None, None, 6, 6, 1))),
    "image.affine_transform": [{"images": shape, "transform": (8,)} for shape in _IMAGES],
    "image.perspective_transform": [
        {"images": shape, "start_points": points, "end_points": points}
        for shape in _IMAGES for points in ((4, 2), (None, 4, 2))
    ],
    "image.map_coordinates": [
        {"inputs": (4, 5), "coordinates": (2, 3)}, {"inputs": (2, 3, 4), "coordinates": (3, None, 2)},
    ],
    "image.scale_and_translate": [{"images": (6, 7, 3), "scale": (2,), "translation": (2,)}],
    "image.ssim": [{"image1": shape, "image2": shape} for shape in _IMAGES],
}  # fmt: skip
_STEPS = st.integers(1, 3) | st.lists(st.integers(1, 3), min_size=1, max_size=3).map(tuple)
_PADS = st.none() | st.integers(0, 4)
_CROPS = st.sampled_from((
    {"top": 1, "bottom": 2, "left": 0, "right": 1}, {"top": 1, "height": 4, "left": 2, "width": 5},
    {"bottom": 0, "height": 9, "right": 1, "width": 12}, {"top": 1, "bottom": 1, "width": 3, "left": 0}, {"top": 1},
))  # fmt: skip
# Settings that have to fit the tensors now and then.
_FITTED: dict[str, Values] = {
    "reshape.newshape": st.lists(st.sampled_from((-1, 1, 2, 3, 4, 8, 12)), min_size=1, max_size=3).map(tuple),
    "broadcast_to.shape": st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple),
    "einsum.subscripts": st.sampled_from((
        "ab,bc->ac", "abc,bc->ab", "ab->ba", "ab,ab->", "a,b->c", "...ab,bc->...ac", "...ab,bc->ac...", "...a->...",
        "a...->a...", "a...b,a...b->a...", "a...,...->a...", "...,...->...", "...ab,...ab->ab", "...a,...b->...ab",
        "AB,BC->AC", "ab, bc->ac", "...a,...a", "...ab,...->...ba",
    )),
    "moments.axes": _AXIS | _LISTED_AXES,
    "transpose.axes": st.none() | st.permutations(range(3)).map(tuple) | st.lists(_AXIS, max_size=3).map(tuple),
    "slice.shape": st.lists(st.integers(1, 2), min_size=1, max_size=3).map(tuple),
    "repeat.repeats": st.integers(1, 3) | st.just((1, 2, 3)) | st.just((2,)),
    "tile.repeats": st.integers(1, 3) | st.lists(st.integers(1, 3), min_size=1, max_size=4).map(tuple),
    "get_item.key": st.integers(-2, 2) | st.lists(_INDEX, max_size=4).map(tuple),
    "moments.synchronized": st.just(False), "linspace.retstep": st.just(False),
    "nan_to_num.nan": st.just(0.0), "isclose.rtol": st.just(0.1), "isclose.atol": st.just(0.1),
    "pad.pad_width": st.sampled_from((1, (1, 2), ((1, 2), (0, 1)), ((2, 2),), ((1, 1), (0, 0), (3, 0)), (1,), ())),
    "tensordot.axes": st.integers(0, 2) | st.sampled_from((((1, 2), (0, 1)), ((-1,), (0,)), ((1,), (1, 0)), (1, 0))),
    "rot90.axes": st.permutations((0, 1, -1, 2)).map(lambda axes: tuple(axes[:2])) | st.just((1, 1)),
    "dot_product_attention.attn_logits_soft_cap": st.sampled_from((None, None, None, 2.0)),
    "image.resize.size": st.tuples(st.integers(1, 9), st.integers(1, 9)),
    "image.resize.pad_to_aspect_ratio": st.sampled_from((False, False, True)),
    "multi_hot.axis": st.integers(-1, 2),
    "histogram.range": st.sampled_from((None, (0.0, 1.0), (1.0, 0.5))),
    "scatter.shape": st.sampled_from(((3, 4), (5,), (-1, 2))),
    "image.scale_and_translate.output_shape": st.sampled_from(((4, 5, 3), (8,))),
    "image.scale_and_translate.spatial_dims": st.just((0, 1)),
    "multi_hot.num_classes": st.sampled_from((3, 3, 3, None)),
    "view.dtype": st.sampled_from((None, "int32", "float16", "uint8", "float64", "mixed_float16")),
    **dict.fromkeys(("adaptive_average_pool.output_size", "adaptive_max_pool.output_size"),
                    st.integers(1, 3) | st.lists(st.integers(1, 3), min_size=1, max_size=3).map(tuple)),
}  # fmt: skip
_FITTED_ANYWHERE: dict[str, Values] = {
    "indices_or_sections": st.integers(1, 4) | st.sampled_from(((1, 2), (2,), (3, 1))),
    "dtype": st.sampled_from((None, "float16", "int32", "bool", "mixed_float16")),
    "sparse": st.just(False),
    "strides": _STEPS, "dilation_rate": st.just(1) | _STEPS, "pool_size": _STEPS,
    "sequence_length": st.integers(1, 3), "fft_length": st.none() | st.integers(1, 6),
    "num_classes": st.just(3), "block_size": st.integers(1, 3),
}  # fmt: skip
_NEVER_NULL = {"cast.dtype", "saturate_cast.dtype", "stft.fft_length", "istft.fft_length"}


@st.composite
def cases(draw: Draw, facts: ClassFacts) -> tuple[Call, Inputs]:
    """A call of the function and what it is called on: at least one tensor, constants for some of the others."""
    shapes = _shapes(draw, facts)
    arguments: dict[str, Any] = {}
    named: dict[str, Any] = {}
    for name, shape in shapes.items():
        if len(shapes) > 1 and isinstance(shape, tuple) and draw(st.integers(0, 15)) == 15:
            arguments[name] = draw(_CONSTANTS)
        else:
            several = isinstance(shape, list)
            named[name] = tuple(draw(_tensors(each)) for each in shape) if several else draw(_tensors(shape))
    if not named:
        name = next(iter(shapes))
        named[name] = draw(_tensors(shapes[name]))
        del arguments[name]
    if facts.name == "ops.slice":
        named.pop("start_indices", None)
        arguments["start_indices"] = (0,) * len(shapes["inputs"])
    arguments |= _settings(draw, facts)
    return Call(facts, arguments, _NOWHERE), Inputs((), named, single=False)


def _shapes(draw: Draw, facts: ClassFacts) -> dict[str, Any]:
    """The shapes of the tensors: now those that fit, now any. Lists are those of lists of tensors."""
    fitting = _FITTING.get(_short(facts), ())
    if fitting and draw(st.integers(0, 5)):
        return dict(draw(st.sampled_from(fitting)))
    base = tuple(draw(st.lists(_SIZES, min_size=0, max_size=3)))
    given = [argument for argument in facts.tensors if not argument.optional or draw(st.booleans())]
    return {
        argument.name: base if argument.tensor == "one" else [base] * draw(st.integers(1, 3))
        for argument in given or facts.tensors[:1]
    }


def _short(facts: ClassFacts) -> str:
    return facts.name.removeprefix("ops.")


@st.composite
def _tensors(draw: Draw, base: Shape) -> Tensor:
    shape = tuple(draw(st.sampled_from((size,) * 12 + (1, None, 3))) for size in base)
    return Tensor(shape[draw(st.sampled_from((0,) * 12 + (1,))) :], draw(_DTYPES))


def _settings(draw: Draw, facts: ClassFacts) -> dict[str, Any]:
    if facts.name in ("ops.image.crop_images", "ops.image.pad_images"):
        return _margins(draw, facts)
    settings = [argument for argument in facts.arguments.values() if argument.tensor is None]
    return {one.name: draw(_values(facts, one)) for one in settings if one.required or draw(st.booleans())}


def _margins(draw: Draw, facts: ClassFacts) -> dict[str, Any]:
    word = "cropping" if facts.name.endswith("crop_images") else "padding"
    chosen = draw(_CROPS)
    named = {f"target_{key}" if key in ("height", "width") else f"{key}_{word}": size for key, size in chosen.items()}
    return {**named, "data_format": draw(st.sampled_from((None, "channels_first")))}


def _values(facts: ClassFacts, argument: Argument) -> Values:
    place = f"{_short(facts)}.{argument.name}"
    found = _FITTED.get(place, _FITTED_ANYWHERE.get(argument.name))
    if found is None:
        found = _axes(argument) if argument.name.startswith("axis") else of_kind(argument.kind)
    return found.filter(lambda value: value is not None) if place in _NEVER_NULL else found


def _axes(argument: Argument) -> Values:
    """An axis, and where the kind has them also lists of axes and null."""
    kinds = options_of(argument.kind)
    lists = [_LISTED_AXES] if any(isinstance(kind, Listing) for kind in kinds) else []
    nulls = [st.none()] if any(isinstance(kind, Null) for kind in kinds) else []
    return st.one_of([_AXIS, st.sampled_from((0, -1)), *lists, *nulls])
