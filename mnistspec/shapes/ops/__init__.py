"""The rules of the functions of `keras.ops`: one family a file, one line a family in the tables below.

They give what Keras gives for its symbolic tensors, even where that is not what the function does later, but refuse
what is certain to fail in every call. A result stays
unknown where an axis is named twice, where a list of sizes is for other axes than those there are, with `retstep`, and
where an equation of `einsum` leaves the order of the result's axes open, or Keras expects another than there will be.
"""

from __future__ import annotations

from dataclasses import replace

from mnistspec.calls import Call, is_complete
from mnistspec.shapes.base import UNKNOWN, Inferred, Inputs, Rule
from mnistspec.shapes.ops import (
    arranging,
    convolutions,
    counting,
    diagonals,
    elementwise,
    images,
    indexing,
    joining,
    losses,
    matrices,
    neural,
    orders,
    pairs,
    products,
    reductions,
    signals,
    spacing,
    windows,
    work,
)
from mnistspec.shapes.ops.given import where_known


def _all(rule: Rule, names: str) -> dict[str, Rule]:
    """One rule for several functions."""
    return {f"ops.{name}": rule for name in names.split()}


_PLAIN: dict[str, Rule] = {
    # Element by element
    **_all(elementwise.unary(), """
        abs absolute bitwise_invert bitwise_not celu elu erf erfinv gelu hard_shrink hard_sigmoid hard_silu hard_tanh
        hard_swish leaky_relu log_sigmoid nan_to_num relu relu6 round rsqrt selu sigmoid sign silu soft_shrink
        softplus softsign sparse_plus sparse_sigmoid squareplus swish tanh_shrink threshold trunc
        """),
    **_all(elementwise.unary(each=0), "conj conjugate copy imag real stop_gradient tril triu"),
    **_all(elementwise.unary("float"), """
        angle arccos arccosh arcsin arcsinh arctan arctanh ceil cos cosh erfc exp exp2 expm1 fabs floor log log10 log1p
        log2 sin sinc sinh sqrt tan tanh
        """),
    **_all(elementwise.unary("counted"), "clip square"),
    **_all(elementwise.unary("measured"), "cbrt deg2rad i0 rad2deg"),
    **_all(elementwise.unary("float32"), "reciprocal"),
    **_all(elementwise.unary("bool"), "isfinite isinf isnan isneginf isposinf isreal logical_not signbit"),
    **_all(elementwise.along(5), "log_softmax softmax sparsemax"),
    **_all(elementwise.along(0), "flip"),
    **_all(elementwise.of_rank(1), "flipud"),
    **_all(elementwise.of_rank(2), "fliplr"),
    **_all(elementwise.binary(), "add floor_divide fmax fmin maximum minimum multiply power"),
    **_all(elementwise.binary("float"), "divide divide_no_nan logaddexp logaddexp2 true_divide"),
    **_all(elementwise.binary("counted"), "fmod mod"),
    **_all(elementwise.binary("bool"), """
        equal greater greater_equal isclose less less_equal logical_and logical_or
        logical_xor not_equal
        """),
    "ops.cast": elementwise.cast,
    "ops.negative": elementwise.signed(elementwise.unary()),
    "ops.subtract": elementwise.signed(elementwise.binary()),
    # Axes taken together
    **_all(reductions.reduction(), "amax amin max min nanmax nanmin ptp"),
    **_all(reductions.reduction("float"), "mean median nanmean nanmedian nanstd nanvar std var"),
    **_all(reductions.reduction("sum"), "nanprod nansum sum"),
    **_all(reductions.reduction("bool"), "all any"),
    **_all(reductions.reduction("int32"), "argmax argmin count_nonzero nanargmax nanargmin"),
    **_all(reductions.reduction("float32"), "logsumexp"),
    # Elements moved about
    "ops.broadcast_to": arranging.broadcast_to,
    "ops.expand_dims": arranging.expand_dims,
    "ops.get_item": indexing.get_item,
    "ops.ravel": arranging.ravel,
    "ops.repeat": arranging.repeat,
    "ops.reshape": arranging.reshape,
    "ops.slice": arranging.sliced,
    "ops.squeeze": arranging.squeeze,
    "ops.swapaxes": arranging.swapaxes,
    "ops.take": arranging.take,
    "ops.tile": arranging.tile,
    "ops.transpose": arranging.transpose,
    # Together and apart
    "ops.concatenate": joining.concatenate,
    "ops.split": joining.split,
    "ops.stack": joining.stack,
    "ops.unstack": joining.unstack,
    # Products
    "ops.einsum": products.einsum,
    "ops.matmul": products.matmul,
    # Neural networks
    "ops.glu": neural.glu,
    "ops.moments": neural.moments,
    "ops.one_hot": neural.one_hot,
    "ops.top_k": neural.top_k,
}  # fmt: skip
# Rules that are for tensors whose shapes are known.
_OF_KNOWN: dict[str, Rule] = {
    # Element by element
    **_all(elementwise.widened, "heaviside hypot"),
    **_all(elementwise.of_types(), "gcd lcm"),
    **_all(elementwise.of_types("float"), "ldexp nextafter"),
    **_all(elementwise.bitwise, "bitwise_and bitwise_or bitwise_xor"),
    **_all(elementwise.shift, "bitwise_left_shift bitwise_right_shift left_shift right_shift"),
    **_all(elementwise.updated, "scatter_update slice_update"),
    "ops.allclose": elementwise.allclose,
    "ops.arctan2": elementwise.arctan2,
    "ops.isin": elementwise.isin,
    "ops.polar": elementwise.polar,
    "ops.saturate_cast": elementwise.saturate_cast,
    "ops.scatter": elementwise.scatter,
    "ops.select": elementwise.select,
    "ops.where": elementwise.where,
    # Axes taken together
    **_all(reductions.quantiles, "nanpercentile nanquantile percentile quantile"),
    "ops.average": reductions.average,
    "ops.norm": reductions.norm,
    "ops.prod": reductions.product_of,
    "ops.trapezoid": reductions.trapezoid,
    # Along axes
    **_all(orders.running(checks_axis=True), "cumprod cumsum"),
    **_all(orders.running(checks_axis=False), "nancumprod nancumsum"),
    "ops.argpartition": orders.argpartition,
    "ops.argsort": orders.argsort,
    "ops.diag": diagonals.diag,
    "ops.diagflat": diagonals.diagflat,
    "ops.diagonal": diagonals.diagonal,
    "ops.diff": orders.diff,
    "ops.moveaxis": orders.moveaxis,
    "ops.pad": orders.pad,
    "ops.roll": orders.roll,
    "ops.rot90": orders.rot90,
    "ops.sort": orders.sort,
    "ops.take_along_axis": orders.take_along_axis,
    "ops.trace": diagonals.trace,
    "ops.vander": diagonals.vander,
    "ops.view": orders.view,
    "ops.view_as_complex": orders.view_as_complex,
    "ops.view_as_real": orders.view_as_real,
    # Together and apart
    "ops.append": joining.append,
    "ops.array_split": joining.array_split,
    "ops.dsplit": joining.split_along(2, 3),
    "ops.dstack": joining.stacked_along(2),
    "ops.hsplit": joining.split_along(1, 1),
    "ops.hstack": joining.stacked_along(1),
    "ops.meshgrid": joining.meshgrid,
    "ops.vsplit": joining.split_along(0, 2),
    "ops.vstack": joining.stacked_along(0),
    # Products
    "ops.cdist": pairs.cdist,
    "ops.correlate": pairs.correlate,
    "ops.cross": pairs.cross,
    "ops.dot": pairs.dot,
    "ops.inner": pairs.inner,
    "ops.kron": pairs.kron,
    "ops.outer": pairs.outer,
    "ops.tensordot": pairs.tensordot,
    "ops.vdot": pairs.vdot,
    # Matrices
    "ops.cholesky": matrices.alike(work.cholesky),
    "ops.cholesky_inverse": matrices.alike(work.inverse_of_factor),
    "ops.inv": matrices.alike(work.inverse),
    "ops.eig": matrices.eigen(work.eigenvalues),
    "ops.eigh": matrices.eigen(work.symmetric_eigenvalues),
    "ops.solve": matrices.solve(work.solution),
    "ops.solve_triangular": matrices.solve(work.substitution),
    "ops.corrcoef": elementwise.unary("measured", 0),
    "ops.det": matrices.det,
    "ops.logdet": matrices.logdet,
    "ops.lstsq": matrices.lstsq,
    "ops.lu_factor": matrices.lu_factor,
    "ops.matrix_rank": matrices.matrix_rank,
    "ops.pinv": matrices.pinv,
    "ops.qr": matrices.qr,
    "ops.slogdet": matrices.slogdet,
    "ops.svd": matrices.svd,
    # Numbers made and counted
    **_all(spacing.like, "array empty_like full_like ones_like zeros_like"),
    **_all(spacing.spaced, "geomspace linspace logspace"),
    **_all(counting.segments, "segment_max segment_min segment_prod segment_sum"),
    "ops.bincount": counting.bincount,
    "ops.digitize": counting.digitize,
    "ops.histogram": counting.histogram,
    "ops.nonzero": counting.nonzero,
    "ops.searchsorted": counting.searchsorted,
    "ops.unique": counting.unique,
    "ops.unravel_index": counting.unravel_index,
    # Signals
    **_all(signals.transform(2), "fft2 ifft2"),
    "ops.extract_sequences": signals.extract_sequences,
    "ops.fft": signals.transform(1),
    "ops.irfft": signals.irfft,
    "ops.istft": signals.istft,
    "ops.rfft": signals.rfft,
    "ops.stft": signals.stft,
    # Neural networks
    **_all(convolutions.adaptive_pool, "adaptive_average_pool adaptive_max_pool"),
    **_all(convolutions.pool, "average_pool max_pool"),
    **_all(neural.normalization, "layer_normalization rms_normalization"),
    "ops.batch_normalization": neural.batch_normalization,
    "ops.conv": convolutions.conv,
    "ops.conv_transpose": convolutions.conv_transpose,
    "ops.depthwise_conv": convolutions.depthwise_conv,
    "ops.dot_product_attention": neural.dot_product_attention,
    "ops.multi_hot": neural.multi_hot,
    "ops.normalize": neural.normalize,
    "ops.separable_conv": convolutions.separable_conv,
    "ops.depth_to_space": windows.depth_to_space,
    "ops.fold": windows.fold,
    "ops.space_to_depth": windows.space_to_depth,
    "ops.unfold": windows.unfold,
    # Losses
    "ops.binary_crossentropy": losses.binary_crossentropy,
    "ops.categorical_crossentropy": losses.categorical_crossentropy,
    "ops.ctc_decode": losses.ctc_decode,
    "ops.ctc_loss": losses.ctc_loss,
    "ops.in_top_k": losses.in_top_k,
    "ops.psnr": losses.psnr,
    "ops.sparse_categorical_crossentropy": losses.sparse_categorical_crossentropy,
    # Images
    **_all(images.alike, "image.elastic_transform image.gaussian_blur"),
    **_all(images.colours((3,), 3), "image.hsv_to_rgb image.rgb_to_hsv"),
    "ops.image.affine_transform": images.affine_transform,
    "ops.image.crop_images": images.framed(-1, "cropping"),
    "ops.image.extract_patches": convolutions.patches(2),
    "ops.image.extract_patches_3d": convolutions.patches(3),
    "ops.image.map_coordinates": images.map_coordinates,
    "ops.image.pad_images": images.framed(1, "padding"),
    "ops.image.perspective_transform": images.perspective_transform,
    "ops.image.resize": images.resize,
    "ops.image.rgb_to_grayscale": images.colours((1, 3), 1),
    "ops.image.scale_and_translate": images.scale_and_translate,
    "ops.image.sobel_edges": images.sobel_edges,
    "ops.image.ssim": images.ssim,
}  # fmt: skip
FUNCTIONS: dict[str, Rule] = {**_PLAIN, **{name: where_known(rule) for name, rule in _OF_KNOWN.items()}}
# What is known of a function that has no rule: it has no parameters.
_UNKNOWN = replace(UNKNOWN, trainable=0, non_trainable=0)


def infer_function(call: Call, inputs: Inputs) -> Inferred:
    """What a function gives for its tensors; unknown without a rule, and where a reported mistake hides something.

    Raises: ShapeError where Keras would refuse the arguments or the tensors.
    """
    rule = FUNCTIONS.get(call.name)
    return _UNKNOWN if rule is None or not is_complete(call) else rule(call, inputs)
