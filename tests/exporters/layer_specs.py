"""A minimal spec of every layer of the catalogue, as a person would write it."""

from __future__ import annotations

_ROW, _STEPS, _LINE, _IMAGE, _BLOCK = "{x: [6]}", "{x: [4, 6]}", "{x: [8, 3]}", "{x: [8, 9, 3]}", "{x: [8, 9, 10, 3]}"
_TWO = "{x: [4, 6], y: [4, 6]}"
_STATE, _TWO_STATES = "{x: [6], h: [3]}", "{x: [6], h: [3], c: [3]}"
_SPACES = {"1D": _LINE, "2D": _IMAGE, "3D": _BLOCK}
_IDS, _WORDS = "{x: {shape: [6], dtype: int32}}", "{x: {shape: [6], dtype: string}}"


def _in_space(names: str, arguments: str = "", spaces: str = "1D 2D 3D") -> dict[str, tuple[str, str]]:
    """The same arguments for layers that come in several dimensions."""
    return {name + space: (_SPACES[space], arguments) for name in names.split() for space in spaces.split()}


def _alike(names: str, inputs: str, arguments: str = "") -> dict[str, tuple[str, str]]:
    return dict.fromkeys(names.split(), (inputs, arguments))


# Layer -> the inputs of its spec, and its arguments.
LAYERS: dict[str, tuple[str, str]] = {
    **_in_space("Conv", "filters: 4, kernel_size: 3"),
    "Conv1DTranspose": (_LINE, "filters: 4, kernel_size: 3, strides: 2"),
    "Conv2DTranspose": (_IMAGE, "filters: 4, kernel_size: 3, strides: [2, 1], padding: same"),
    "Conv3DTranspose": (_BLOCK, "filters: 4, kernel_size: 2"),
    **_in_space("DepthwiseConv", "kernel_size: 3", "1D 2D"),
    **_in_space("SeparableConv", "filters: 4, kernel_size: 3", "1D 2D"),
    **_in_space("MaxPooling AveragePooling", "pool_size: 2"),
    **_in_space("AdaptiveMaxPooling AdaptiveAveragePooling", "output_size: 2"),
    **_in_space("GlobalMaxPooling GlobalAveragePooling"),
    **_in_space("Cropping UpSampling ZeroPadding"),
    **_in_space("SpatialDropout", "rate: 0.5"),
    "Dense": (_ROW, "units: 3"),
    "EinsumDense": (_STEPS, "equation: 'abc,cd->abd', output_shape: [null, 7], bias_axes: d"),
    "Embedding": (_IDS, "input_dim: 9, output_dim: 4"),
    "ReversibleEmbedding": (_IDS, "input_dim: 9, output_dim: 4"),
    **_alike("Add Average Maximum Minimum Multiply Subtract Concatenate", _TWO, "from: [x, y]"),
    "CustomScaleLayer": (_TWO, "scale: 0.2, from: [x, y]"),
    "LayerScale": (_STEPS, "init_values: 0.1, projection_dim: 6"),
    "StochasticDepth": (_STEPS, "drop_path_rate: 0.1"),
    "Dot": (_TWO, "axes: 2, from: [x, y]"),
    **_alike("Attention AdditiveAttention", _TWO, "from: [x, y]"),
    "MultiHeadAttention": (_TWO, "num_heads: 2, key_dim: 3, from: {query: x, value: y}"),
    "GroupQueryAttention": (
        _TWO,
        "head_dim: 3, num_query_heads: 4, num_key_value_heads: 2, from: {query: x, value: y}",
    ),
    **_alike("LSTM GRU SimpleRNN", _STEPS, "units: 3"),
    "RNN": (_STEPS, "cell: {GRUCell: {units: 3, reset_after: false}}"),
    "LSTMCell": (_TWO_STATES, "units: 3, from: {inputs: x, states: [h, c]}"),
    "GRUCell": (_STATE, "units: 3, from: {inputs: x, states: [h]}"),
    "SimpleRNNCell": (_STATE, "units: 3, from: {sequence: x, states: [h]}"),
    "StackedRNNCells": (
        _TWO_STATES,
        "cells: [{GRUCell: {units: 3}}, {SimpleRNNCell: {units: 3}}], from: {inputs: x, states: [h, c]}",
    ),
    "ConvLSTM1D": ("{x: [4, 8, 3]}", "filters: 2, kernel_size: 2"),
    "ConvLSTM2D": ("{x: [4, 8, 9, 3]}", "filters: 2, kernel_size: 2"),
    "ConvLSTM3D": ("{x: [2, 4, 5, 6, 3]}", "filters: 2, kernel_size: 2"),
    "Bidirectional": (_STEPS, "layer: {LSTM: {units: 3}}"),
    "TimeDistributed": (_STEPS, "layer: {Dense: {units: 3}}"),
    "SpectralNormalization": (_STEPS, "layer: {Dense: {units: 3}}"),
    "Pipeline": (_IMAGE, "layers: [RandomFlip, {Rescaling: {scale: 0.5}}]"),
    **_alike("BatchNormalization LayerNormalization RMSNormalization UnitNormalization Normalization", _IMAGE),
    "GroupNormalization": (_IMAGE, "groups: 3"),
    **_alike("Flatten Identity Masking ActivityRegularization", _STEPS),
    "Reshape": (_ROW, "target_shape: [2, -1]"),
    "Permute": (_IMAGE, "dims: [3, 1, 2]"),
    "RepeatVector": (_ROW, "n: 3"),
    "Activation": (_ROW, "activation: relu"),
    **_alike("ReLU LeakyReLU PReLU ELU Softmax", _ROW),
    **_alike("Dropout AlphaDropout GaussianDropout", _ROW, "rate: 0.5"),
    "GaussianNoise": (_ROW, "stddev: 0.1"),
    "Rescaling": (_ROW, "scale: 0.5"),
    "CategoryEncoding": (_IDS, "num_tokens: 5"),
    "Discretization": (_ROW, "bin_boundaries: [0.0, 1.0]"),
    "Hashing": (_WORDS, "num_bins: 4"),
    "HashedCrossing": ("{x: {shape: [1], dtype: int32}, y: {shape: [1], dtype: int32}}", "num_bins: 4, from: [x, y]"),
    "IntegerLookup": ("{x: {shape: [6], dtype: int64}}", "vocabulary: [3, 4, 5]"),
    "StringLookup": (_WORDS, "vocabulary: [a, b]"),
    "TextVectorization": ("{x: {shape: [1], dtype: string}}", "vocabulary: [a, b], output_sequence_length: 7"),
    "MelSpectrogram": ("{x: [1600]}", ""),
    "STFTSpectrogram": ("{x: [600, 2]}", "window: null"),
    **_alike("CenterCrop RandomCrop Resizing", _IMAGE, "height: 4, width: 5"),
    **_alike(
        "RandomBrightness RandomColorDegeneration RandomContrast RandomHue RandomRotation RandomSaturation "
        "RandomSharpness",
        _IMAGE,
        "factor: 0.2",
    ),
    **_alike(
        "AugMix AutoContrast ContrastLimitedAdaptiveHistogramEqualization CutMix Equalization MixUp RandAugment "
        "RandomColorJitter RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale "
        "RandomInvert RandomPerspective RandomShear Solarization",
        _IMAGE,
    ),
    "RandomPosterization": (_IMAGE, "factor: 4"),
    "RandomTranslation": (_IMAGE, "height_factor: 0.1, width_factor: 0.1"),
    "RandomZoom": (_IMAGE, "height_factor: 0.1"),
    "MaxNumBoundingBoxes": (_IMAGE, "max_number: 4"),
}


# Layers that return several tensors, of which a model's output can be one.
_SEVERAL = ("LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells")


def spec_of(name: str) -> str:
    """A functional spec whose only node is the layer, named `it`."""
    inputs, arguments = LAYERS[name]
    body = ", ".join(filter(None, ["name: it", arguments]))
    output = "it.0" if name in _SEVERAL else "it"
    return f"""\
mnistspec: 1
seed: 5
model:
  kind: functional
  inputs: {inputs}
  layers: [{name}: {{{body}}}]
  outputs: [{output}]
"""
