"""Chosen cases of every layer: those that Keras takes and, marked so, those that it refuses."""

from __future__ import annotations

from dataclasses import dataclass

from mnistspec.shapes.base import Inputs
from mnistspec.spec import Call, Value

from .calls import by_name, call, on, on_list


@dataclass(frozen=True)
class Case:
    call: Call
    inputs: Inputs
    refused: bool = False

    def __str__(self) -> str:
        shapes = " ".join(str(tensor.shape) for tensor in self.inputs.tensors)
        arguments = ", ".join(f"{name}={getattr(value, 'name', value)}" for name, value in self.call.arguments.items())
        return f"{self.call.name}({arguments}) on {shapes}"


def _ok(name: str, inputs: Inputs, /, **arguments: Value) -> Case:
    return Case(call(name, **arguments), inputs)


def _no(name: str, inputs: Inputs, /, **arguments: Value) -> Case:
    return Case(call(name, **arguments), inputs, refused=True)


_FLAT, _STEPS = on((None, 6)), on((None, 4, 6))
_LINE, _IMAGE, _BLOCK = on((None, 8, 3)), on((None, 8, 9, 3)), on((None, 8, 9, 10, 3))
_PLANES = on((None, 3, 8, 9))
_SPACES = {1: _LINE, 2: _IMAGE, 3: _BLOCK}
_LSTM, _DENSE = call("LSTM", units=3), call("Dense", units=3)
_CELLS = (call("LSTMCell", units=3), call("GRUCell", units=2), call("SimpleRNNCell", units=5))

_DENSE_LIKE = (
    _ok("Dense", _STEPS, units=3),
    _ok("Dense", _FLAT, units=3, use_bias=False, dtype="mixed_float16"),
    _ok("Dense", _FLAT, units=3, lora_rank=2),
    _ok("Dense", on((None, 6), "int32"), units=3, trainable=False),
    _no("Dense", on((None,)), units=3),
    _no("Dense", on((None, None)), units=3),
    _no("Dense", on_list((None, 6)), units=3),
    _no("Dense", on_list((None, 6), (None, 6)), units=3),
    _no("Dense", _FLAT, units=3, lora_rank=2, kernel_constraint="non_neg"),
    _ok("EinsumDense", _STEPS, equation="abc,cd->abd", output_shape=(None, 7), bias_axes="d"),
    _ok("EinsumDense", on((None, 5, 4, 6)), equation="...x,xy->...y", output_shape=(7,), bias_axes="y"),
    _ok("EinsumDense", _STEPS, equation="ab...,bc->ac...", output_shape=7),
    _no("EinsumDense", _STEPS, equation="abc->cba", output_shape=7),
    _no("EinsumDense", _STEPS, equation="abc,cd->abd", output_shape=(5, 7)),
    _no("EinsumDense", _STEPS, equation="abc,cd->abd", output_shape=(None, 7), bias_axes="x"),
    _ok("Embedding", on((None, 6), "int32"), input_dim=9, output_dim=4, mask_zero=True),
    _ok("Embedding", on((None,), "int64"), input_dim=9, output_dim=4, lora_rank=2),
    _ok("ReversibleEmbedding", on((None, 6), "int32"), input_dim=9, output_dim=4, tie_weights=False),
    Case(call("ReversibleEmbedding", input_dim=9, output_dim=6), Inputs(_STEPS.tensors, arguments={"reverse": True})),
)
_CONVOLUTIONS = (
    *(_ok(f"Conv{rank}D", space, filters=4, kernel_size=3) for rank, space in _SPACES.items()),
    *(_ok(f"Conv{rank}DTranspose", space, filters=4, kernel_size=3, strides=2) for rank, space in _SPACES.items()),
    *(_ok(f"DepthwiseConv{rank}D", _SPACES[rank], kernel_size=3, depth_multiplier=2) for rank in (1, 2)),
    *(_ok(f"SeparableConv{rank}D", _SPACES[rank], kernel_size=3, filters=4, depth_multiplier=2) for rank in (1, 2)),
    _ok("Conv1D", _LINE, filters=4, kernel_size=3, padding="causal", dilation_rate=3),
    _ok("Conv2D", _PLANES, filters=6, kernel_size=(3, 2), strides=(2, 1), data_format="channels_first", groups=3),
    _ok("Conv2D", on((None, None, 9, 3)), filters=4, kernel_size=3, dilation_rate=2, padding="same", lora_rank=2),
    _no("Conv2D", _IMAGE, filters=4, kernel_size=3, groups=3),
    _no("Conv2D", _IMAGE, filters=4, kernel_size=3, groups=2),
    _no("Conv2D", _IMAGE, filters=4, kernel_size=3, strides=2, dilation_rate=2),
    _no("Conv2D", on((None, 8, 4, 3)), filters=4, kernel_size=5),
    _no("Conv2D", on((None, 8, 9)), filters=4, kernel_size=3),
    _no("Conv2D", on((None, 8, 9, None)), filters=4, kernel_size=3),
    _no("Conv2D", _IMAGE, filters=4, kernel_size=(3, 3, 3)),
    _ok("Conv2DTranspose", _IMAGE, filters=4, kernel_size=3, strides=2, padding="same", output_padding=1),
    _ok("Conv1DTranspose", _LINE, filters=4, kernel_size=2, strides=5, padding="valid"),
    _ok("Conv1DTranspose", _LINE, filters=4, kernel_size=4, dilation_rate=2, padding="same", output_padding=0),
    _no("Conv2DTranspose", _IMAGE, filters=4, kernel_size=3, strides=2, output_padding=2),
    _no("Conv2DTranspose", _LINE, filters=4, kernel_size=3),
    _ok("DepthwiseConv2D", _PLANES, kernel_size=3, strides=2, dilation_rate=2, data_format="channels_first"),
)
_POOLING = (
    *(
        _ok(f"{kind}Pooling{rank}D", space, pool_size=2)
        for rank, space in _SPACES.items()
        for kind in ("Max", "Average")
    ),
    *(
        _ok(f"Adaptive{kind}Pooling{rank}D", space, output_size=2)
        for rank, space in _SPACES.items()
        for kind in ("Max", "Average")
    ),
    *(
        _ok(f"Global{kind}Pooling{rank}D", space, keepdims=rank == 2)
        for rank, space in _SPACES.items()
        for kind in ("Max", "Average")
    ),
    _ok("MaxPooling2D", _PLANES, pool_size=(2, 3), strides=1, padding="same", data_format="channels_first"),
    _ok("MaxPooling2D", on((None, None, 9, 3), "int32")),
    _no("MaxPooling2D", on((None, 1, 9, 3)), pool_size=2),
    _no("MaxPooling2D", _LINE),
    _no("GlobalMaxPooling1D", _IMAGE),
    _ok("GlobalAveragePooling2D", _PLANES, data_format="channels_first"),
    _ok("AdaptiveMaxPooling2D", _PLANES, output_size=(1, 4), data_format="channels_first"),
)
_MERGING = (
    *(
        _ok(name, on_list((None, 4, 6), (2, 1, 6)))
        for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
    ),
    _ok("Add", on_list((None, 4, 6))),
    _ok("Add", on_list((None, 4, 6), (None, 6), (None, None, 6))),
    _ok("Maximum", on_list((None, 4), (None, 4), dtype="int32")),
    _no("Add", _FLAT),
    _no("Add", on_list((None, 4, 6), (None, 4, 5))),
    _no("Add", on_list((2, 6), (3, 6))),
    _no("Subtract", on_list((None, 6), (None, 6), (None, 6))),
    _ok("Concatenate", on_list((None, 4, 6), (None, 4, 5))),
    _ok("Concatenate", on_list((None, 4, 6), (None, None, 6)), axis=1),
    _ok("Concatenate", on_list((2, 4), (3, 4)), axis=0),
    _no("Concatenate", on_list((None, 4, 6), (None, 3, 6))),
    _no("Concatenate", on_list((None, 4, 6), (None, 6))),
    _no("Concatenate", on_list((None, 4, 6), (None, 4, 6)), axis=3),
    _ok("Dot", on_list((None, 6), (None, 6)), axes=1),
    _ok("Dot", on_list((None, 4, 6), (None, 6, 5)), axes=(2, 1)),
    _ok("Dot", on_list((None, 4, 6), (None, 5, 6)), axes=-1, normalize=True),
    _no("Dot", on_list((None, 4, 6), (None, 5, 6)), axes=1),
    _no("Dot", on_list((None, 6), (None, 6), (None, 6)), axes=1),
)
_RECURRENT = (
    *(_ok(name, _STEPS, units=3) for name in ("LSTM", "GRU", "SimpleRNN")),
    *(_ok(name, _STEPS, units=3, return_sequences=True, return_state=True) for name in ("LSTM", "GRU", "SimpleRNN")),
    _ok("GRU", _STEPS, units=3, reset_after=False, trainable=False),
    _ok("LSTM", on((2, None, 6)), units=3, stateful=True, use_bias=False),
    _ok("LSTM", by_name(sequences=(None, 4, 6), initial_state=((None, 3), (None, 3))), units=3),
    _no("LSTM", _STEPS, units=3, stateful=True),
    _no("LSTM", _FLAT, units=3),
    _no("LSTM", on((None, 4, None)), units=3),
    _no("LSTM", on_list((None, 4, 6), (None, 3), (None, 3)), units=3),
    _ok("RNN", _STEPS, cell=call("GRUCell", units=3, reset_after=False), return_state=True),
    _ok("RNN", _STEPS, cell=_CELLS, return_state=True, return_sequences=True),
    _ok("RNN", _STEPS, cell=call("StackedRNNCells", cells=_CELLS, trainable=False)),
    _ok("RNN", _STEPS, cell=(call("LSTMCell", units=3, trainable=False), call("LSTMCell", units=2))),
    _no("RNN", _STEPS, cell=_DENSE),
    _ok("LSTMCell", by_name(inputs=(None, 6), states=((None, 3), (None, 3))), units=3),
    _ok("GRUCell", by_name(inputs=(2, 6), states=((None, 3),)), units=3),
    _ok("SimpleRNNCell", by_name(sequence=(None, 6), states=(None, 3)), units=3),
    _ok("StackedRNNCells", by_name(inputs=(None, 6), states=((None, 3), (None, 2))), cells=(
        call("GRUCell", units=3), call("SimpleRNNCell", units=2),
    )),
    _no("LSTMCell", _FLAT, units=3),
    _no("GRUCell", by_name(inputs=(None, 6), states=((None, 4),)), units=3),
    _ok("ConvLSTM1D", on((None, 4, 8, 3)), filters=2, kernel_size=2, return_sequences=True),
    _ok("ConvLSTM2D", on((None, None, 8, 9, 3)), filters=2, kernel_size=2, return_state=True, strides=2),
    _ok("ConvLSTM2D", on((None, 4, 3, 8, 9)), filters=2, kernel_size=2, data_format="channels_first", use_bias=False),
    _ok("ConvLSTM3D", on((None, 2, 4, 5, 6, 3)), filters=2, kernel_size=2, padding="same"),
    _no("ConvLSTM2D", on((None, 4, None, 9, 3)), filters=2, kernel_size=2),
    _no("ConvLSTM1D", on((None, 4, 2, 3)), filters=2, kernel_size=3),
)  # fmt: skip
_WRAPPED = (
    *(_ok("Bidirectional", _STEPS, layer=_LSTM, merge_mode=mode) for mode in ("sum", "mul", "ave", "concat", None)),
    _ok("Bidirectional", _STEPS, layer=call("GRU", units=3, return_state=True, return_sequences=True)),
    _ok("Bidirectional", _STEPS, layer=call("LSTM", units=3, return_state=True), merge_mode=None),
    _ok("Bidirectional", _STEPS, layer=_LSTM, backward_layer=call("GRU", units=3, go_backwards=True)),
    _ok("Bidirectional", _STEPS, layer=call("RNN", cell=_CELLS[0])),
    _ok("Bidirectional", on((None, 4, 8, 3)), layer=call("ConvLSTM1D", filters=2, kernel_size=2)),
    _no("Bidirectional", _STEPS, layer=_LSTM, backward_layer=_LSTM),
    _no("Bidirectional", _STEPS, layer=_DENSE),
    _no("Bidirectional", on((2, 4, 6)), layer=call("LSTM", units=3, stateful=True, return_state=True)),
    _ok("TimeDistributed", on((None, 5, 8, 9, 3)), layer=call("Conv2D", filters=4, kernel_size=3)),
    _ok("TimeDistributed", on((None, 5, 7), "int32"), layer=call("Embedding", input_dim=9, output_dim=4)),
    _ok("TimeDistributed", on((None, None, 7)), layer=call("Dense", units=3, trainable=False)),
    _ok("TimeDistributed", on((None, 5, 4, 6)), layer=call("Bidirectional", layer=_LSTM)),
    _no("TimeDistributed", _FLAT, layer=_DENSE),
    _no("TimeDistributed", on((None, 5, 2, 2, 3)), layer=call("Conv2D", filters=4, kernel_size=3)),
    _ok("SpectralNormalization", _STEPS, layer=_DENSE),
    _ok("SpectralNormalization", _IMAGE, layer=call("Conv2DTranspose", filters=4, kernel_size=3)),
    _ok("SpectralNormalization", _IMAGE, layer=call("DepthwiseConv2D", kernel_size=3, depth_multiplier=2)),
    _ok("SpectralNormalization", on((None, 4), "int32"), layer=call("Embedding", input_dim=9, output_dim=4)),
    _no("SpectralNormalization", _LINE, layer=call("SeparableConv1D", filters=4, kernel_size=3)),
    _no("SpectralNormalization", _STEPS, layer=_LSTM),
    _ok(
        "Pipeline",
        on((None, 8, 9, 3)),
        layers=(call("RandomFlip"), call("Rescaling", scale=0.5), call("Flatten"), _DENSE),
    ),
)
_ATTENTION = (
    _ok("Attention", on_list((None, 4, 6), (None, 5, 7))),
    _ok("Attention", on_list((None, 4, 6), (None, 5, 7), (None, 5, 6)), use_scale=True, score_mode="concat"),
    Case(call("Attention"), Inputs(
        on_list((None, 4, 6), (None, 5, 6)).tensors, single=False, arguments={"return_attention_scores": True}
    )),
    _ok("AdditiveAttention", on_list((None, 4, 6), (None, 5, 6))),
    _ok("AdditiveAttention", on_list((None, 4, 6), (None, 5, 6)), use_scale=False),
    _no("Attention", _STEPS),
    _no("AdditiveAttention", on_list((None, 4, 6))),
    _no("AdditiveAttention", on_list((None, 4, None), (None, 5, 6))),
    _ok("MultiHeadAttention", by_name(query=(None, 4, 6), value=(None, 5, 7)), num_heads=2, key_dim=3),
    _ok("MultiHeadAttention", by_name(query=(None, 4, 6), value=(None, 5, 7), key=(None, 5, 8)), num_heads=2, key_dim=3,
        value_dim=4, use_gate=True, use_bias=False, output_shape=(2, 3)),
    _ok("MultiHeadAttention", by_name(query=(None, 4, 5, 6), value=(None, 4, 5, 6)), num_heads=2, key_dim=3,
        attention_axes=(1, 2)),
    Case(call("MultiHeadAttention", num_heads=2, key_dim=3), Inputs(
        _STEPS.tensors, {"value": _STEPS.first}, arguments={"return_attention_scores": True}
    )),
    _no("MultiHeadAttention", _STEPS, num_heads=2, key_dim=3),
    _no("MultiHeadAttention", on_list((None, 4, 6), (None, 4, 6)), num_heads=2, key_dim=3),
    _no("MultiHeadAttention", by_name(query=(None, 4, 6), value=(None, 5, 7), key=(None, 4, 7)), num_heads=2, key_dim=3),
    _no("MultiHeadAttention", by_name(query=(None, 4, 6), value=(None, 5, 7)), num_heads=2, key_dim=3, dropout=0.1,
        flash_attention=True),
    _ok("GroupQueryAttention", by_name(query=(None, 4, 6), value=(None, 5, 6)), head_dim=3, num_query_heads=4,
        num_key_value_heads=2, use_gate=True),
    _no("GroupQueryAttention", by_name(query=(None, 4, 6), value=(None, 5, 7)), head_dim=3, num_query_heads=4,
        num_key_value_heads=2),
    _no("GroupQueryAttention", by_name(query=(None, 4, 6), value=(None, 5, 6)), head_dim=3, num_query_heads=4,
        num_key_value_heads=3),
)  # fmt: skip
_NORMALIZATION = (
    _ok("BatchNormalization", _IMAGE),
    _ok("BatchNormalization", _PLANES, axis=1, scale=False, renorm=True),
    _ok("BatchNormalization", _IMAGE, trainable=False),
    _no("BatchNormalization", _FLAT, axis=2),
    _no("BatchNormalization", on((None, None))),
    _ok("LayerNormalization", _IMAGE, axis=(1, 3), center=False),
    _ok("LayerNormalization", on((None, None)), center=False, scale=False),
    _no("LayerNormalization", _FLAT, axis=(1, 2)),
    _ok("RMSNormalization", _STEPS, axis=(1, 2)),
    _no("RMSNormalization", on((None, None))),
    _ok("UnitNormalization", _STEPS, axis=1),
    _no("UnitNormalization", _FLAT, axis=2),
    _ok("GroupNormalization", _FLAT, groups=3),
    _ok("GroupNormalization", _PLANES, groups=-1, axis=1),
    _no("GroupNormalization", _FLAT, groups=4),
    _no("GroupNormalization", _FLAT),
)
_RESHAPING = (
    _ok("Flatten", _IMAGE),
    _ok("Flatten", on((None,), "int32")),
    _ok("Flatten", on((None, None, 3), "float64")),
    _ok("Flatten", on((None, 2), "float64"), autocast=False),
    _ok("Reshape", _FLAT, target_shape=(2, -1)),
    _ok("Reshape", on((None, None, 3), "bool"), target_shape=(-1, 6)),
    _no("Reshape", _FLAT, target_shape=(2, 4)),
    _no("Reshape", _FLAT, target_shape=(-1, 4)),
    _no("Reshape", _FLAT, target_shape=(-1, -1)),
    _ok("Permute", _IMAGE, dims=(3, 1, 2)),
    _no("Permute", _IMAGE, dims=(2, 1)),
    _no("Permute", _IMAGE, dims=(3, 1, 1)),
    _ok("RepeatVector", _FLAT, n=3),
    _no("RepeatVector", _STEPS, n=3),
    *(_ok(f"ZeroPadding{rank}D", space) for rank, space in _SPACES.items()),
    *(_ok(f"Cropping{rank}D", space) for rank, space in _SPACES.items()),
    *(_ok(f"UpSampling{rank}D", space) for rank, space in _SPACES.items()),
    _ok("ZeroPadding2D", _PLANES, padding=((1, 2), 3), data_format="channels_first"),
    _ok("Cropping2D", _PLANES, cropping=((1, 2), (0, 3)), data_format="channels_first"),
    _ok("UpSampling2D", _PLANES, size=(2, 3), interpolation="bilinear", data_format="channels_first"),
    _no("Cropping1D", _LINE, cropping=(4, 4)),
    _no("Cropping2D", _IMAGE, cropping=4),
    _no("ZeroPadding2D", _LINE),
)
_ELEMENTWISE = (
    _ok("Activation", _FLAT, activation="relu"),
    *(_ok(name, _FLAT) for name in ("ReLU", "LeakyReLU", "ELU", "Softmax", "PReLU", "Identity", "Masking")),
    _ok("Identity", on((None, 6), "int32")),
    _ok("Softmax", on_list((None, 6), (None, 5))),
    _ok("PReLU", _IMAGE, shared_axes=(1, 2)),
    _ok("PReLU", on((None, None, 3)), shared_axes=1),
    _no("PReLU", on((None, None, 3))),
    _no("PReLU", _FLAT, shared_axes=2),
    *(_ok(name, _FLAT, rate=0.5) for name in ("Dropout", "AlphaDropout", "GaussianDropout")),
    _no("Dropout", _FLAT, rate=1.5),
    _no("Dropout", _FLAT, rate=0.5, noise_shape=(None, 0)),
    _ok("GaussianNoise", _FLAT, stddev=0.1),
    _no("GaussianNoise", _FLAT, stddev=2.0),
    *(_ok(f"SpatialDropout{rank}D", space, rate=0.3) for rank, space in _SPACES.items()),
    _no("SpatialDropout2D", _LINE, rate=0.3),
    _ok("ActivityRegularization", _FLAT, l1=0.1),
)
_PREPROCESSING = (
    _ok("Rescaling", on((None, 6), "uint8"), scale=0.5),
    _ok("Normalization", _IMAGE),
    _ok("Normalization", _IMAGE, axis=(1, 3)),
    _ok("Normalization", _IMAGE, mean=(1.0, 2.0, 3.0), variance=(1.0, 1.0, 1.0)),
    _ok("Normalization", _FLAT, axis=None, mean=1.0, variance=2.0),
    _no("Normalization", _FLAT, mean=1.0),
    _no("Normalization", _FLAT, mean=(1.0, 2.0), variance=(1.0, 1.0)),
    _no("Normalization", _FLAT, axis=2),
    _ok("CategoryEncoding", on((None, 6), "int32"), num_tokens=5),
    _ok("CategoryEncoding", on((None, 1), "int32"), num_tokens=5, output_mode="one_hot"),
    _ok("Discretization", _FLAT, bin_boundaries=(0.0, 1.0), output_mode="one_hot"),
    _ok("Discretization", _STEPS, num_bins=3, output_mode="count"),
    _ok("Discretization", _FLAT, num_bins=3),
    _no("Discretization", _FLAT),
    _no("Discretization", _FLAT, num_bins=3, bin_boundaries=(0.0,)),
    _ok("Hashing", on((None, 6), "string"), num_bins=4),
    _ok("Hashing", on((None, 6), "int32"), num_bins=4, output_mode="multi_hot"),
    _no("Hashing", on((None, 6), "int32"), num_bins=4, dtype="float32"),
    _ok("HashedCrossing", on_list((None, 1), (None, 1), dtype="int32"), num_bins=4),
    _ok("HashedCrossing", on_list((None,), (None,), dtype="int32"), num_bins=4, output_mode="one_hot"),
    _no("HashedCrossing", on((None, 1), "int32"), num_bins=4),
    _ok("IntegerLookup", on((None, 6), "int64"), vocabulary=(3, 4, 5)),
    _ok("IntegerLookup", on((None, 1), "int64"), vocabulary=(3, 4), output_mode="one_hot", mask_token=0),
    _ok("IntegerLookup", on((None, 6), "int64"), max_tokens=9, pad_to_max_tokens=True, output_mode="binary"),
    _no("IntegerLookup", on((None, 6), "int64"), vocabulary=(3, 3)),
    _no("IntegerLookup", on((None, 6), "int64"), vocabulary=(3, 4, 5), max_tokens=3),
    _ok("StringLookup", on((None, 6), "string"), vocabulary=("[UNK]", "a"), output_mode="count", num_oov_indices=1),
    _ok("StringLookup", on((None, 6), "string"), vocabulary=("a", "b"), output_mode="tf-idf", idf_weights=(0.1, 0.2)),
    _ok("StringLookup", on((None, 6), "string"), output_mode="multi_hot"),
    _no("StringLookup", on((None, 6), "string"), vocabulary=("a", "b"), output_mode="tf_idf"),
    _no("StringLookup", on((None, 6), "string"), vocabulary=("a",), output_mode="one_hot", invert=True),
    _no("StringLookup", on((None, 6), "string"), vocabulary=("", "b", ""), mask_token=""),
    _ok("TextVectorization", on((None, 1), "string"), vocabulary=("a", "b"), output_sequence_length=7),
    _ok("TextVectorization", on((None,), "string"), vocabulary=("a", "b"), output_mode="multi_hot"),
    _ok("TextVectorization", on((None, 1), "string"), max_tokens=9, output_mode="count", pad_to_max_tokens=True),
    _no("TextVectorization", on((None, 1), "string"), output_mode="count", output_sequence_length=7),
    _ok("MelSpectrogram", on((None, 1600))),
    _ok("MelSpectrogram", on((1600,)), num_mel_bins=20),
    _no("MelSpectrogram", on((None, 1600)), fft_length=64, sequence_length=65),
    _ok("STFTSpectrogram", on((None, 600, 2)), window=None, mode="stft"),
    _ok("STFTSpectrogram", on((None, 600, 2)), window=None, mode="real", expand_dims=True, padding="same"),
    _ok("STFTSpectrogram", on((None, 2, 600)), window=None, data_format="channels_first", expand_dims=True),
    _no("STFTSpectrogram", on((None, 100, 2)), window=None),
    _no("STFTSpectrogram", on((None, 600, 2)), window=None, frame_step=300),
)
_FACTOR = (
    "RandomBrightness", "RandomColorDegeneration", "RandomContrast", "RandomHue", "RandomRotation", "RandomSaturation",
    "RandomSharpness",
)  # fmt: skip
_PLAIN = (
    "AugMix", "AutoContrast", "ContrastLimitedAdaptiveHistogramEqualization", "CutMix", "Equalization", "MixUp",
    "RandAugment", "RandomColorJitter", "RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur",
    "RandomGrayscale", "RandomInvert", "RandomPerspective", "RandomShear", "Solarization",
)  # fmt: skip
_IMAGES = (
    *(_ok(name, _IMAGE, height=4, width=5) for name in ("Resizing", "CenterCrop", "RandomCrop")),
    *(_ok(name, _PLANES, height=4, width=5, data_format="channels_first") for name in ("Resizing", "RandomCrop")),
    _ok("Resizing", on((8, 9, 3)), height=4, width=5),
    _no("CenterCrop", _FLAT, height=4, width=5),
    _no("RandomCrop", _FLAT, height=4, width=5),
    *(_ok(name, _IMAGE, factor=0.2) for name in _FACTOR),
    *(_no(name, _IMAGE, factor=(2.0, 3.0)) for name in _FACTOR),
    *(_ok(name, on((None, 8, 9, 3), "uint8")) for name in _PLAIN),
    _ok("RandomPosterization", _IMAGE, factor=4),
    _ok("RandomTranslation", _IMAGE, height_factor=0.1, width_factor=0.1),
    _ok("RandomZoom", _IMAGE, height_factor=0.1),
    _ok("MaxNumBoundingBoxes", _IMAGE, max_number=4),
    _no("RandomColorDegeneration", on((None, 8, 9, 1)), factor=0.2),
    _no("RandomGaussianBlur", _IMAGE, kernel_size=2),
    _no("RandAugment", _IMAGE, factor=(0.5, 2.0)),
)

CASES: tuple[Case, ...] = (
    *_DENSE_LIKE, *_CONVOLUTIONS, *_POOLING, *_MERGING, *_RECURRENT, *_WRAPPED, *_ATTENTION, *_NORMALIZATION,
    *_RESHAPING, *_ELEMENTWISE, *_PREPROCESSING, *_IMAGES,
)  # fmt: skip
