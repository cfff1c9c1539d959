"""LiteRT's flat file (`.tflite`), of its own operations alone, so that every interpreter runs it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mnistspec.exporters.deployment.serving import SavedModels


def write(models: SavedModels, path: Path) -> int | None:
    """Writes the file `path`. Loops over time need a number of examples that is known: those models take one."""
    from tensorflow.lite.python.convert_phase import ConverterError

    try:
        path.write_bytes(_converted(models.folder_of()))
    except ConverterError:
        path.write_bytes(_converted(models.folder_of(1)))
        return 1
    return None


def _converted(saved: Path) -> bytes:
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_saved_model(str(saved))
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    flat: bytes = converter.convert()
    return flat


def predict(path: Path, given: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """What the interpreter gives for arrays (examples, ...) by input name."""
    import tensorflow as tf

    with warnings.catch_warnings():
        # TensorFlow's interpreter warns that it will live in a package of its own one day.
        warnings.simplefilter("ignore")
        interpreter = tf.lite.Interpreter(
            model_path=str(path),
            experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
        )
    run = interpreter.get_signature_runner()
    found: dict[str, NDArray[Any]] = run(**given)
    return found
