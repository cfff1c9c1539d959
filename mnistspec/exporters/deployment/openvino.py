"""OpenVINO's two files, `model.xml` and `model.bin`, weights in the precision that they were trained in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mnistspec.exporters.deployment.serving import SavedModels


def write(models: SavedModels, path: Path) -> int | None:
    """Writes the two files into the folder `path`."""
    import openvino

    path.mkdir()
    converted = openvino.convert_model(str(models.folder_of()))
    openvino.save_model(converted, str(path / "model.xml"), compress_to_fp16=False)
    return None


def predict(path: Path, given: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """What OpenVINO gives on the CPU for arrays (examples, ...) by input name, reckoned in float32."""
    import openvino

    model = openvino.Core().compile_model(str(path / "model.xml"), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    found = model(dict(given))
    return {output.get_any_name(): found[output] for output in model.outputs}
