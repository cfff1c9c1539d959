"""Did you mean: the nearest known name, by meaning or by spelling."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

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
    names = dict.fromkeys(known)
    for meaning in _MEANINGS.get(word.removeprefix("nn."), ()):
        if meaning in names:
            return meaning
    plain, letters = _form(word)
    # One slip in five letters, one more in every three more: nearer than that, names are no longer told apart.
    bound = max(1, len(plain) // 3)
    found: tuple[int, bool, str] | None = None
    for name in names:
        other, other_letters = _form(name)
        # A slip changes at most two of the letters that there are: most names need no closer look.
        if abs(len(other) - len(plain)) > bound or len(letters ^ other_letters) > 2 * bound:
            continue
        distance = _distance(plain, other, bound)
        if distance <= bound and distance < len(plain):
            candidate = (distance, name[:1].isupper() != word[:1].isupper(), name)
            found = candidate if found is None or candidate[:2] < found[:2] else found
    return found[2] if found is not None else None


@lru_cache(maxsize=4096)
def _form(name: str) -> tuple[str, frozenset[str]]:
    """The name without what does not count, and the letters in it."""
    plain = name.lower().replace("_", "").replace("-", "")
    return plain, frozenset(plain)


def _distance(one: str, other: str, bound: int) -> int:
    """Slips between two words: a letter too many, missing, or wrong, or two swapped; more than `bound` is cut short."""
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
