"""Cases of layers whose `dtype` quantizes their weights, or has no random numbers."""

from __future__ import annotations

from mnistspec.calls import Call, Value
from mnistspec.catalogue import load
from mnistspec.source import Source, Span

from ..calls import call, on
from .case import FLAT, IMAGE, LINE, STEPS, Case, refused, taken

_POLICIES = ("int8_from_float32", "int8_from_mixed_bfloat16", "int4_from_float32", "float8_from_float32")
_TOKENS = on((None, 4), "int32")
_WORDS: dict[str, Value] = {"input_dim": 9, "output_dim": 5}


def _initializer(name: str, **arguments: Value) -> Call:
    return Call(load()["initializers"].classes[name], arguments, Span(Source(""), 0, 0))


_WIDE = _initializer("RandomUniform", minval=-5, maxval=5)


def _quantized(policy: str) -> tuple[Case, ...]:
    return (
        taken("Dense", FLAT, units=5, dtype=policy),
        taken("Dense", STEPS, units=4, dtype=policy, use_bias=False),
        taken("Dense", FLAT, units=5, dtype=policy, lora_rank=2),
        taken("Dense", FLAT, units=5, dtype=policy, trainable=False),
        taken("EinsumDense", FLAT, equation="ab,bc->ac", output_shape=5, bias_axes="c", dtype=policy),
        taken("EinsumDense", STEPS, equation="abc,cd->abd", output_shape=(None, 5), dtype=policy),
        taken("Conv1D", LINE, filters=5, kernel_size=2, dtype=policy),
        taken("LSTM", STEPS, units=3, dtype=policy),
        taken("BatchNormalization", IMAGE, dtype=policy),
        taken("Bidirectional", STEPS, layer=call("GRU", units=3), dtype=policy),
        taken("TimeDistributed", STEPS, layer=call("Dense", units=3, dtype=policy)),
    )


def _tables(policy: str) -> tuple[Case, ...]:
    return (
        taken("Embedding", _TOKENS, **_WORDS, dtype=policy),
        taken("Embedding", _TOKENS, **_WORDS, dtype=policy, lora_rank=2),
        taken("ReversibleEmbedding", _TOKENS, **_WORDS, dtype=policy),
        taken("ReversibleEmbedding", _TOKENS, **_WORDS, dtype=policy, tie_weights=False),
    )


QUANTIZED = (
    *(case for policy in _POLICIES for case in _quantized(policy)),
    *(case for policy in _POLICIES[:3] for case in _tables(policy)),
    refused("Embedding", _TOKENS, **_WORDS, dtype="float8_from_float32"),
)
WHOLE_NUMBERS = (
    refused("Dense", on((None, 40)), units=10, dtype="int32"),
    refused("Dense", FLAT, units=3, dtype="int64", kernel_initializer="he_normal"),
    refused("Conv2D", IMAGE, filters=32, kernel_size=3, dtype="int32"),
    refused("LSTM", STEPS, units=3, dtype="int32"),
    refused("Dense", STEPS, units=3, dtype="string"),
    refused("Flatten", STEPS, dtype="int8"),
    refused("Dense", STEPS, units=3, dtype="int8"),
    refused("LSTM", STEPS, units=3, dtype="bfloat16"),
    refused("Bidirectional", STEPS, layer=call("GRU", units=3, dtype="bfloat16")),
    taken("LSTM", STEPS, units=3, dtype="bfloat16", recurrent_initializer="glorot_uniform"),
    taken("LSTM", STEPS, units=3, dtype="mixed_bfloat16"),
    refused("Embedding", _TOKENS, input_dim=99, output_dim=5, dtype="int32"),
    refused("TimeDistributed", STEPS, layer=call("Dense", units=99, dtype="int32")),
    taken("Dense", on((None, 40)), units=10, dtype="int32", kernel_initializer="ones"),
    taken("Dense", on((None, 1)), units=1, dtype="int32"),
    # sqrt(6 / (5 + 1)) is 1, and sqrt(6 / (6 + 1)) less.
    taken("Dense", on((None, 5)), units=1, dtype="int32"),
    refused("Dense", on((None, 6)), units=1, dtype="int32"),
    refused("Dense", on((None, 6)), units=1, dtype="int32", kernel_initializer=_initializer("GlorotUniform", seed=3)),
    taken("Dense", on((None, 6)), units=9, dtype="int64", kernel_initializer="he_uniform"),
    refused("Dense", on((None, 7)), units=1, dtype="int64", kernel_initializer="he_uniform"),
    refused("Dense", on((None, 2)), units=2, dtype="int32", kernel_initializer="variance_scaling"),
    taken("Conv1D", on((None, 9, 1)), filters=2, kernel_size=2, dtype="int32"),
    refused("Conv1D", on((None, 9, 2)), filters=2, kernel_size=2, dtype="int32"),
    refused("Embedding", _TOKENS, input_dim=2, output_dim=2, dtype="int32"),
    refused("Dense", on((None, 2)), units=2, dtype="complex64", kernel_initializer="he_normal"),
    taken("Dense", on((None, 40)), units=10, dtype="int32", kernel_initializer=_WIDE),
    taken("LayerNormalization", IMAGE, dtype="int32"),
    taken("Flatten", IMAGE, dtype="int32"),
)
