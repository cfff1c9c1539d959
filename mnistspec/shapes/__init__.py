"""The shape rules: one family a file, one line a class in the table below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from mnistspec.calls import Call, is_complete
from mnistspec.shapes import (
    activation,
    application_layers,
    attention,
    audio,
    cells,
    convolution,
    dense,
    embedding,
    encoding,
    images,
    lookup,
    merging,
    normalization,
    pooling,
    recurrent,
    reshaping,
    scaling,
    transposed,
    wrappers,
)
from mnistspec.shapes.activation import keeping_shape
from mnistspec.shapes.base import UNKNOWN, Inferred, Inputs, Rule
from mnistspec.shapes.dtypes import quantization, with_policy
from mnistspec.shapes.initial import check_drawn
from mnistspec.shapes.text import check_not_text


def _unknown(call: Call, inputs: Inputs) -> Inferred:
    return UNKNOWN


def infer_layer(call: Call, inputs: Inputs, policy: str = "float32", model: Rule = _unknown) -> Inferred:
    """What a layer gives for its inputs, as far as it is known without Keras.

    Unknown for a layer without a rule, for tensors without a batch, and where a mistake reported before hides
    arguments or inputs. `policy` is the dtype policy of layers that name no dtype themselves (`compile.precision`),
    `model` the rule of a model that the layer is or has inside it.
    Raises: ShapeError where Keras would refuse the arguments or the inputs.
    """
    check_not_text(call, inputs)
    if call.facts.tensors:
        from mnistspec.shapes.ops import infer_function  # few specs call functions

        return infer_function(call, inputs)
    rule = _rule(call, model)
    if rule is None or not is_complete(call) or not _have_batches(inputs):
        return UNKNOWN
    typed = with_policy(call, policy)
    inferred = rule(typed, inputs)
    check_drawn(typed, inferred)
    if quantization(call) is not None:
        inferred = _quantized(call, inputs, inferred)
    return frozen(inferred) if call.argument("trainable") is False else inferred


def has_rule(call: Call) -> bool:
    """Whether anything can be known of a layer's or a function's output without Keras."""
    if call.facts.tensors:
        from mnistspec.shapes.ops import FUNCTIONS  # few specs call functions

        return call.name in FUNCTIONS
    return call.facts.is_application or call.name in RULES


def _rule(call: Call, model: Rule) -> Rule | None:
    if call.model is not None:
        return model
    if call.name in _AROUND_LAYERS:
        return partial(_AROUND_LAYERS[call.name], partial(_infer_inner, model))
    if call.facts.is_application:
        from mnistspec.shapes.applications import application  # few specs have one

        return application
    return RULES.get(call.name)


# Layers that, once called, take inputs of as many axes as those of the first call.
BUILT_FOR_RANK = frozenset({"BatchNormalization", "GroupNormalization"})

# Layers that own no weights but hold layers that do.
_HOLDERS = frozenset({
    "Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GroupQueryAttention", "MultiHeadAttention", "RNN",
    "StackedRNNCells", "TimeDistributed",
})  # fmt: skip


def _infer_inner(model: Rule, call: Call, inputs: Inputs) -> Inferred:
    """What a layer inside another gives. There Keras lets `trainable: false` reach only weights of its own."""
    if call.name in _HOLDERS and "trainable" in call.arguments:
        arguments = {name: value for name, value in call.arguments.items() if name != "trainable"}
        return infer_layer(replace(call, arguments=arguments), inputs, model=model)
    return infer_layer(call, inputs, model=model)


def _have_batches(inputs: Inputs) -> bool:
    return bool(inputs.tensors) and () not in [tensor.shape for tensor in inputs.tensors]


def frozen(inferred: Inferred) -> Inferred:
    """With `trainable: false` on the layer, all of its parameters are non-trainable."""
    trainable, fixed = inferred.trainable, inferred.non_trainable
    count = None if trainable is None or fixed is None else trainable + fixed
    return replace(inferred, trainable=0, non_trainable=count)


def _quantized(call: Call, inputs: Inputs, inferred: Inferred) -> Inferred:
    from mnistspec.shapes.quantized import quantized_counts  # few specs have one

    trainable, fixed = quantized_counts(call, inputs, inferred)
    return replace(inferred, trainable=trainable, non_trainable=fixed)


# The rules of layers around layers, which are given the rule of what is inside.
_AROUND_LAYERS: dict[str, Callable[[Rule, Call, Inputs], Inferred]] = {
    "Bidirectional": wrappers.bidirectional,
    "TimeDistributed": wrappers.time_distributed,
    "SpectralNormalization": wrappers.spectral_normalization,
    "Pipeline": wrappers.pipeline,
}

RULES: dict[str, Rule] = {
    **{name: partial(rule, partial(_infer_inner, _unknown)) for name, rule in _AROUND_LAYERS.items()},
    # Dense layers and embeddings
    "Dense": dense.dense,
    "EinsumDense": dense.einsum_dense,
    "Embedding": embedding.embedding,
    "ReversibleEmbedding": embedding.reversible_embedding,
    # Convolutions
    "Conv1D": convolution.convolution(1),
    "Conv2D": convolution.convolution(2),
    "Conv3D": convolution.convolution(3),
    "Conv1DTranspose": transposed.transposed(1),
    "Conv2DTranspose": transposed.transposed(2),
    "Conv3DTranspose": transposed.transposed(3),
    "DepthwiseConv1D": convolution.depthwise(1),
    "DepthwiseConv2D": convolution.depthwise(2),
    "SeparableConv1D": convolution.separable(1),
    "SeparableConv2D": convolution.separable(2),
    # Pooling
    "MaxPooling1D": pooling.pooling(1),
    "MaxPooling2D": pooling.pooling(2),
    "MaxPooling3D": pooling.pooling(3),
    "AveragePooling1D": pooling.pooling(1),
    "AveragePooling2D": pooling.pooling(2),
    "AveragePooling3D": pooling.pooling(3),
    "AdaptiveMaxPooling1D": pooling.adaptive(1),
    "AdaptiveMaxPooling2D": pooling.adaptive(2),
    "AdaptiveMaxPooling3D": pooling.adaptive(3),
    "AdaptiveAveragePooling1D": pooling.adaptive(1),
    "AdaptiveAveragePooling2D": pooling.adaptive(2),
    "AdaptiveAveragePooling3D": pooling.adaptive(3),
    "GlobalMaxPooling1D": pooling.global_pooling(1),
    "GlobalMaxPooling2D": pooling.global_pooling(2),
    "GlobalMaxPooling3D": pooling.global_pooling(3),
    "GlobalAveragePooling1D": pooling.global_pooling(1),
    "GlobalAveragePooling2D": pooling.global_pooling(2),
    "GlobalAveragePooling3D": pooling.global_pooling(3),
    # Merging
    "Add": merging.elementwise(),
    "Subtract": merging.elementwise(2, 2),
    "Multiply": merging.elementwise(),
    "Average": merging.elementwise(),
    "Maximum": merging.elementwise(),
    "Minimum": merging.elementwise(),
    "Concatenate": merging.concatenate,
    "Dot": merging.dot,
    # Inside keras.applications
    "CustomScaleLayer": application_layers.scaled_sum,
    "LayerScale": application_layers.layer_scale,
    "StochasticDepth": activation.identity,
    # Recurrent layers
    "LSTM": recurrent.recurrent,
    "GRU": recurrent.recurrent,
    "SimpleRNN": recurrent.recurrent,
    "RNN": recurrent.rnn,
    "LSTMCell": cells.called_cell,
    "GRUCell": cells.called_cell,
    "SimpleRNNCell": cells.called_cell,
    "StackedRNNCells": cells.called_cell,
    "ConvLSTM1D": recurrent.convolutional(1),
    "ConvLSTM2D": recurrent.convolutional(2),
    "ConvLSTM3D": recurrent.convolutional(3),
    # Attention
    "Attention": attention.attention(),
    "AdditiveAttention": attention.attention(additive=True),
    "MultiHeadAttention": attention.multi_head_attention,
    "GroupQueryAttention": attention.group_query_attention,
    # Normalization
    "BatchNormalization": normalization.batch_normalization,
    "LayerNormalization": normalization.layer_normalization,
    "GroupNormalization": normalization.group_normalization,
    "RMSNormalization": normalization.rms_normalization,
    "UnitNormalization": normalization.unit_normalization,
    # Shapes
    "Flatten": reshaping.flatten,
    "Reshape": reshaping.reshape,
    "Permute": reshaping.permute,
    "RepeatVector": reshaping.repeat_vector,
    "ZeroPadding1D": reshaping.zero_padding(1),
    "ZeroPadding2D": reshaping.zero_padding(2),
    "ZeroPadding3D": reshaping.zero_padding(3),
    "Cropping1D": reshaping.cropping(1),
    "Cropping2D": reshaping.cropping(2),
    "Cropping3D": reshaping.cropping(3),
    "UpSampling1D": reshaping.up_sampling(1),
    "UpSampling2D": reshaping.up_sampling(2),
    "UpSampling3D": reshaping.up_sampling(3),
    # Activations
    "Activation": activation.activation,
    "ReLU": keeping_shape(1, activation.check_rectifier),
    "LeakyReLU": keeping_shape(1, activation.check_rectifier),
    "PReLU": activation.prelu,
    "ELU": keeping_shape(1),
    "Softmax": activation.softmax,
    # Regularization, and layers that change nothing
    "Dropout": keeping_shape(0, activation.check_rate),
    "AlphaDropout": keeping_shape(0, activation.check_rate),
    "GaussianDropout": keeping_shape(0, activation.check_rate),
    "GaussianNoise": keeping_shape(0, activation.check_deviation),
    "SpatialDropout1D": activation.spatial_dropout(1),
    "SpatialDropout2D": activation.spatial_dropout(2),
    "SpatialDropout3D": activation.spatial_dropout(3),
    "ActivityRegularization": keeping_shape(0),
    "Identity": activation.identity,
    "Masking": activation.masking,
    # Preprocessing: numbers, categories, text and sound
    "Rescaling": keeping_shape(2),
    "Normalization": scaling.normalization,
    "CategoryEncoding": encoding.category_encoding,
    "Discretization": encoding.discretization,
    "Hashing": encoding.hashing,
    "HashedCrossing": encoding.hashed_crossing,
    "IntegerLookup": lookup.lookup,
    "StringLookup": lookup.lookup,
    "TextVectorization": lookup.text_vectorization,
    "MelSpectrogram": audio.mel_spectrogram,
    "STFTSpectrogram": audio.stft_spectrogram,
    # Preprocessing: images
    "Resizing": images.resizing,
    "CenterCrop": images.center_crop,
    "RandomCrop": images.random_crop,
    "AugMix": keeping_shape(0, images.check_mixed_factor),
    "AutoContrast": images.measured,
    "ContrastLimitedAdaptiveHistogramEqualization": images.measured,
    "CutMix": keeping_shape(0, images.check_factors),
    "Equalization": images.in_own_dtype(),
    "MaxNumBoundingBoxes": keeping_shape(0),
    "MixUp": keeping_shape(0),
    "RandAugment": keeping_shape(0, images.check_mixed_factor),
    "RandomBrightness": keeping_shape(0, images.check_factors),
    "RandomColorDegeneration": images.color_degeneration,
    "RandomColorJitter": keeping_shape(0, images.check_factors),
    "RandomContrast": keeping_shape(0, images.check_factors),
    "RandomElasticTransform": keeping_shape(0, images.check_factors),
    "RandomErasing": keeping_shape(0, images.check_factors),
    "RandomFlip": keeping_shape(0),
    "RandomGaussianBlur": keeping_shape(0, images.check_blur),
    "RandomGrayscale": images.in_own_dtype(many=False),
    "RandomHue": keeping_shape(0, images.check_factors),
    "RandomInvert": keeping_shape(0, images.check_factors),
    "RandomPerspective": keeping_shape(0, images.check_factors),
    "RandomPosterization": keeping_shape(0),
    "RandomRotation": keeping_shape(0, images.check_factors),
    "RandomSaturation": keeping_shape(0, images.check_factors),
    "RandomSharpness": keeping_shape(0, images.check_factors),
    "RandomShear": keeping_shape(0),
    "RandomTranslation": keeping_shape(0),
    "RandomZoom": keeping_shape(0),
    "Solarization": keeping_shape(0),
}
