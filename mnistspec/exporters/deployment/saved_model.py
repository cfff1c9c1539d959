"""TensorFlow's SavedModel, as TensorFlow Serving takes it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mnistspec.exporters.deployment.serving import SavedModels


def write(models: SavedModels, path: Path) -> int | None:
    """Writes the folder `path`."""
    shutil.copytree(models.folder_of(), path)
    return None


def predict(path: Path, given: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """What the saved signature gives for arrays (examples, ...) by input name."""
    import tensorflow as tf

    serve = tf.saved_model.load(str(path)).signatures["serving_default"]
    return {
        name: tensor.numpy()
        for name, tensor in serve(**{name: tf.constant(array) for name, array in given.items()}).items()
    }
