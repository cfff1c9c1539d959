"""Formats that a model is served in, one a file: each is made from a SavedModel and predicts by its own runtime."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mnistspec.diagnostics import MissingExtra
from mnistspec.exporters.deployment import litert, onnx, openvino, saved_model
from mnistspec.frozen import dataclass

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mnistspec.exporters.deployment.serving import SavedModels

Arrays = Mapping[str, "NDArray[Any]"]


@dataclass(frozen=True)
class Format:
    """One format.

    `path` is its file or folder in a run's folder. `write` makes that below an empty folder and says how many examples
    it takes at once (None: any number). `predict` takes arrays (examples, ...) by input name and gives them by output
    name. `packages` are what it imports, and `extra` is the extra of mnistspec that brings them.
    """

    path: str
    write: Callable[[SavedModels, Path], int | None]
    predict: Callable[[Path, Arrays], dict[str, NDArray[Any]]]
    packages: tuple[str, ...] = ()
    extra: str = "cpu"


FORMATS: dict[str, Format] = {
    "saved_model": Format("saved_model", saved_model.write, saved_model.predict, ("tensorflow",)),
    "onnx": Format("model.onnx", onnx.write, onnx.predict, ("tf2onnx", "onnx", "onnxruntime"), "onnx"),
    "litert": Format("model.tflite", litert.write, litert.predict),
    "openvino": Format("openvino", openvino.write, openvino.predict, ("openvino",), "openvino"),
}


def require(names: tuple[str, ...]) -> None:
    """Raises: MissingExtra when a format needs a package that is not installed. Imports nothing."""
    for name in names:
        for package in FORMATS[name].packages:
            if find_spec(package) is None:
                raise MissingExtra(
                    f"exporting to {name} needs {package}: pip install 'mnistspec[{FORMATS[name].extra}]'"
                )
