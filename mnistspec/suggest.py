"""Did you mean: the nearest known name, by spelling or by meaning."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

# What people from elsewhere write, and what Keras calls it.
_MEANINGS = {
    "lr": ("learning_rate",), "neurons": ("units",), "n_units": ("units",), "num_units": ("units",), "hidden": ("units",),
    "out_features": ("units",), "out_channels": ("filters",), "channels": ("filters",), "num_filters": ("filters",),
    "n_filters": ("filters",), "kernel": ("kernel_size",), "stride": ("strides",), "dilation": ("dilation_rate",),
    "bias": ("use_bias",), "p": ("rate",), "dropout_rate": ("rate", "dropout"), "eps": ("epsilon",),
    "num_embeddings": ("input_dim",), "embedding_dim": ("output_dim",), "hidden_size": ("units",), "pool": ("pool_size",),
    "num_epochs": ("epochs",), "n_epochs": ("epochs",), "batch": ("batch_size",), "val_split": ("validation",),
    "validation_split": ("validation",), "optim": ("optimizer",), "dataset": ("data", "source"), "train": ("fit",),
    "training": ("fit",), "epoch": ("epochs",), "variables": ("vars",), "version": ("mnistspec",), "output": ("outputs",),
    "Linear": ("Dense",), "Convolution": ("Conv2D",), "Conv2d": ("Conv2D",), "Conv1d": ("Conv1D",), "BatchNorm": ("BatchNormalization",),
    "BatchNorm1d": ("BatchNormalization",), "BatchNorm2d": ("BatchNormalization",), "LayerNorm": ("LayerNormalization",),
    "MaxPool2d": ("MaxPooling2D",), "AvgPool2d": ("AveragePooling2D",), "CrossEntropyLoss": ("SparseCategoricalCrossentropy",),
    "MSELoss": ("MeanSquaredError",), "cross_entropy": ("sparse_categorical_crossentropy",),
    "crossentropy": ("sparse_categorical_crossentropy",),
}  # fmt: skip


def suggest(word: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, or None where no name is near."""
    names = list(dict.fromkeys(known))
    for meaning in _MEANINGS.get(word.removeprefix("nn."), ()):
        if meaning in names:
            return meaning
    lowered = {name.lower().replace("_", ""): name for name in reversed(names)}
    plain = word.lower().replace("_", "").replace("-", "")
    if plain in lowered:
        return lowered[plain]
    near = get_close_matches(plain, lowered, n=1, cutoff=0.72)
    return lowered[near[0]] if near else None
