"""Cases of initializers that make matrices, for weights that are none, and for weights that are."""

from __future__ import annotations

from mnistspec.calls import Call
from mnistspec.catalogue import load
from mnistspec.source import Source, Span

from ..calls import by_name, call, on
from .case import FLAT, IMAGE, LINE, STEPS, refused, taken

_ORTHOGONAL, _IDENTITY = (
    Call(load()["initializers"].classes[name], {}, Span(Source(""), 0, 0)) for name in ("Orthogonal", "Identity")
)
_CELL = call("GRUCell", units=3, reset_after=False, bias_initializer=_ORTHOGONAL)
_PAIR = by_name(query=(None, 4, 6), value=(None, 4, 6))
MATRICES = (
    taken("Dense", FLAT, units=3, kernel_initializer=_IDENTITY),
    taken("Dense", FLAT, units=3, use_bias=False, bias_initializer=_ORTHOGONAL),
    taken("Conv2D", IMAGE, filters=3, kernel_size=2, kernel_initializer=_ORTHOGONAL),
    taken("GRU", STEPS, units=3, bias_initializer=_ORTHOGONAL),
    taken("LayerNormalization", IMAGE, axis=(1, 2), gamma_initializer=_IDENTITY),
    taken("LayerNormalization", IMAGE, center=False, beta_initializer=_IDENTITY),
    taken("PReLU", STEPS, alpha_initializer=_IDENTITY),
    taken("EinsumDense", STEPS, equation="abc,cd->abd", output_shape=(None, 5), kernel_initializer=_IDENTITY),
    taken("MultiHeadAttention", _PAIR, num_heads=2, key_dim=3, kernel_initializer=_ORTHOGONAL),
    taken("MultiHeadAttention", _PAIR, num_heads=2, key_dim=3, output_shape=(2, 3), bias_initializer=_ORTHOGONAL),
    refused("Dense", FLAT, units=3, bias_initializer=_ORTHOGONAL),
    refused("Conv1D", LINE, filters=3, kernel_size=2, kernel_initializer=_IDENTITY),
    refused("SeparableConv2D", IMAGE, filters=3, kernel_size=2, pointwise_initializer=_IDENTITY),
    refused("Conv2DTranspose", IMAGE, filters=3, kernel_size=2, bias_initializer=_ORTHOGONAL),
    refused("ConvLSTM1D", on((None, 4, 8, 3)), filters=3, kernel_size=2, recurrent_initializer=_IDENTITY),
    refused("LSTM", STEPS, units=3, bias_initializer=_ORTHOGONAL),
    refused("RNN", STEPS, cell=_CELL),
    refused("Bidirectional", STEPS, layer=call("SimpleRNN", units=3, bias_initializer=_ORTHOGONAL)),
    refused("BatchNormalization", IMAGE, moving_variance_initializer=_IDENTITY),
    refused("LayerNormalization", IMAGE, gamma_initializer=_ORTHOGONAL),
    refused("PReLU", IMAGE, alpha_initializer=_IDENTITY),
    refused("PReLU", FLAT, alpha_initializer=_ORTHOGONAL),
    refused("EinsumDense", STEPS, equation="abc,cd->abd", output_shape=(None, 5), bias_axes="d",
        bias_initializer=_ORTHOGONAL),
    refused("EinsumDense", STEPS, equation="abc,cde->abde", output_shape=(None, 5, 2), kernel_initializer=_IDENTITY),
    refused("MultiHeadAttention", _PAIR, num_heads=2, key_dim=3, kernel_initializer=_IDENTITY),
    refused("GroupQueryAttention", _PAIR, head_dim=3, num_query_heads=2, num_key_value_heads=1,
        bias_initializer=_ORTHOGONAL),
    refused("Dense", FLAT, units=2, dtype="uint8"),
    refused("Dense", FLAT, units=2, dtype="complex64"),
    refused("BatchNormalization", FLAT, dtype="string"),
)  # fmt: skip
