"""Layers and functions that compute with numbers alone, where a tensor of the dtype `string` fails in every call.

Keras' symbolic tensors pass there. Those not named move text about, compare it, look it up, or leave it as it is.
"""

from __future__ import annotations

from mnistspec.calls import Call
from mnistspec.shapes.base import Inputs, ShapeError, Tensor

_LAYERS = """
    AdditiveAttention Attention AveragePooling1D AveragePooling2D AveragePooling3D BatchNormalization CategoryEncoding
    Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D Dense
    DepthwiseConv1D DepthwiseConv2D Discretization Dot ELU EinsumDense Embedding GRU GlobalAveragePooling1D
    GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D
    GroupNormalization GroupQueryAttention IntegerLookup LSTM LayerNormalization LeakyReLU Masking MaxPooling1D
    MaxPooling2D MaxPooling3D Maximum MelSpectrogram Minimum MultiHeadAttention Multiply Normalization PReLU
    RMSNormalization ReLU Rescaling Resizing STFTSpectrogram SeparableConv1D SeparableConv2D SimpleRNN Softmax Subtract
    UnitNormalization
    """
_FUNCTIONS = """
    abs absolute all amax amin angle any arccos arccosh arcsin arcsinh arctan arctanh argmax argmin average
    average_pool batch_normalization cbrt ceil celu clip conv conv_transpose cos cosh cumprod cumsum deg2rad
    depthwise_conv divide divide_no_nan dot elu erf erfc erfinv exp exp2 expm1 fabs floor floor_divide fmax fmin fmod
    gelu glu greater greater_equal hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh inner layer_normalization
    leaky_relu less less_equal log log10 log1p log2 log_sigmoid log_softmax logaddexp logaddexp2 logical_and logical_not
    logical_or logical_xor logsumexp matmul max max_pool maximum mean median min minimum mod moments multiply nanmax
    nanmean nanmin nansum negative norm normalize one_hot power prod ptp rad2deg reciprocal relu relu6
    rms_normalization round rsqrt selu separable_conv sigmoid sign silu sin sinc sinh soft_shrink softmax softplus
    softsign sort sparse_plus sparse_sigmoid sparsemax sqrt square squareplus std subtract sum swish tan tanh
    tanh_shrink threshold top_k true_divide trunc var
    """
NUMBERS_ONLY = frozenset({*_LAYERS.split(), *(f"ops.{name}" for name in _FUNCTIONS.split())})


def check_not_text(call: Call, inputs: Inputs) -> None:
    """Raises: ShapeError for a tensor of text where only numbers will do."""
    if call.name in NUMBERS_ONLY and any(tensor.dtype == "string" for tensor in _tensors(inputs)):
        raise refuse_text(call)


def refuse_text(call: Call) -> ShapeError:
    help = "put StringLookup or TextVectorization before it, which make numbers of text"
    return ShapeError(f"{call.name} computes with numbers, and is given text (`dtype: string`)", help=help)


def _tensors(inputs: Inputs) -> list[Tensor]:
    if not inputs.named:
        return [*inputs.tensors]
    named = (given if isinstance(given, tuple) else (given,) for given in inputs.named.values())
    return [*inputs.tensors, *(tensor for given in named for tensor in given)]
