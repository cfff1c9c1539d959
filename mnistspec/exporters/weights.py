"""Weights of a saved model put into one that a spec builds."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from mnistspec.diagnostics import UsageError, first_line

if TYPE_CHECKING:
    import keras

_ENDING = ".weights.h5"


def check_weights(path: Path) -> None:
    """Raises: UsageError where the path leads to no file of weights, by its name."""
    if not path.name.endswith(_ENDING):
        raise UsageError(f"`{path}` is no file of weights: its name ends in `{_ENDING}`, as Keras writes it")
    if not path.is_file():
        raise UsageError(f"there is no file `{path}`")


def load_weights(model: keras.Model, path: Path) -> None:
    """Loads a `.weights.h5` file into a model of the same layers. Raises: UsageError."""
    check_weights(path)
    # The file may hold an optimizer's state too, which is none of the weights.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model.load_weights(path, objects_to_skip=_knowing(model))
        except (ValueError, KeyError, OSError, RuntimeError, TypeError) as error:
            raise UsageError(f"`{path}` has not the weights of this model: {first_line(error)}") from error


def _knowing(model: keras.Model) -> list[keras.Layer]:
    """Layers that know from their arguments what others keep as weights once they have learnt it from data."""
    return [layer for layer in model._flatten_layers() if getattr(layer, "input_mean", None) is not None]
