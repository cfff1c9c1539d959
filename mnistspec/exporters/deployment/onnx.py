"""ONNX, one file, run by ONNX Runtime."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mnistspec.exporters.deployment.serving import SavedModels


def write(models: SavedModels, path: Path) -> int | None:
    """Writes the file `path`."""
    import tensorflow as tf
    import tf2onnx

    logging.getLogger("tf2onnx").setLevel(logging.CRITICAL)
    # The signature does not keep the variables alive that it reads: what was loaded has to stay.
    loaded = tf.saved_model.load(str(models.folder_of()))
    serve = loaded.signatures["serving_default"]
    _, wanted = serve.structured_input_signature
    signature = [wanted[name] for name in models.inputs]

    def flat(*given: Any) -> list[Any]:
        found = serve(**dict(zip(models.inputs, given, strict=True)))
        return [tf.identity(found[name], name=name) for name in models.outputs]

    converted, _ = tf2onnx.convert.from_function(tf.function(flat, input_signature=signature), signature)
    _name_outputs(converted, models.outputs)
    path.write_bytes(converted.SerializeToString())
    return None


def _name_outputs(converted: Any, names: tuple[str, ...]) -> None:
    """Gives the graph's outputs their names; those that it was converted with are TensorFlow's."""
    import onnx

    for output, name in zip(converted.graph.output, names, strict=True):
        converted.graph.node.append(onnx.helper.make_node("Identity", [output.name], [name], name=f"{name}/output"))
        output.name = name


def predict(path: Path, given: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """What ONNX Runtime gives on the CPU for arrays (examples, ...) by input name."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, dict(given)), strict=True))
