"""Did you mean: the nearest known name, by meaning or by spelling."""

from __future__ import annotations

from collections.abc import Iterable

# What people from elsewhere write, and what Keras or this language calls it.
_MEANINGS = {
    "batch": ("batch_size",),
    "bias": ("use_bias",),
    "channels": ("filters",),
    "crossentropy": ("sparse_categorical_crossentropy",),
    "cross_entropy": ("sparse_categorical_crossentropy",),
    "dataset": ("data", "source"),
    "dilation": ("dilation_rate",),
    "dropout_rate": ("rate", "dropout"),
    "embedding_dim": ("output_dim",),
    "eps": ("epsilon",),
    "epoch": ("epochs",),
    "hidden": ("units",),
    "hidden_size": ("units",),
    "kernel": ("kernel_size",),
    "lr": ("learning_rate",),
    "n_epochs": ("epochs",),
    "n_filters": ("filters",),
    "n_units": ("units",),
    "neurons": ("units",),
    "num_embeddings": ("input_dim",),
    "num_epochs": ("epochs",),
    "num_filters": ("filters",),
    "num_units": ("units",),
    "optim": ("optimizer",),
    "out_channels": ("filters",),
    "out_features": ("units",),
    "output": ("outputs",),
    "p": ("rate",),
    "pool": ("pool_size",),
    "stride": ("strides",),
    "train": ("fit",),
    "training": ("fit",),
    "val_split": ("validation",),
    "validation_split": ("validation",),
    "variables": ("vars",),
    "version": ("mnistspec",),
    "AvgPool2d": ("AveragePooling2D",),
    "BatchNorm": ("BatchNormalization",),
    "BatchNorm1d": ("BatchNormalization",),
    "BatchNorm2d": ("BatchNormalization",),
    "Convolution": ("Conv2D",),
    "CrossEntropyLoss": ("SparseCategoricalCrossentropy",),
    "LayerNorm": ("LayerNormalization",),
    "Linear": ("Dense",),
    "MaxPool2d": ("MaxPooling2D",),
    "MSELoss": ("MeanSquaredError",),
}


def suggest(word: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, or None where no name is near.

    Case and underscores do not count as mistakes, but among equally near names the one in the word's case wins.
    """
    names = list(dict.fromkeys(known))
    for meaning in _MEANINGS.get(word.removeprefix("nn."), ()):
        if meaning in names:
            return meaning
    plain = _plain(word)
    # One slip in three letters, one in every three more: nearer than that, names are no longer told apart.
    bound = max(1, len(plain) // 3)
    near = [(_distance(plain, _plain(name), bound), name[:1].isupper() != word[:1].isupper(), name) for name in names]
    distance, _, name = min(near, default=(bound + 1, False, ""), key=lambda found: found[:2])
    return name if distance <= bound and distance < len(plain) else None


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def _distance(one: str, other: str, bound: int) -> int:
    """Slips between two words: a letter too many, missing, or wrong, or two swapped; more than `bound` is cut short."""
    if abs(len(one) - len(other)) > bound:
        return bound + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > bound:
            return bound + 1
    return row[-1]
