"""Small specs that run in a moment, and the reading of what a run leaves."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mnistspec.runs.run import Run

# What docs and language promise of a run with everything switched on.
FILES = {
    "spec.yaml", "resolved.yaml", "run.json", "history.csv", "model.keras", "model.weights.h5", "predictions.npz",
    "predictions.csv", "report.html", "report.md",
}  # fmt: skip

SOFTMAX = "Dense: {units: 10, activation: softmax}"
LAYERS = f"[Flatten, {{Dense: {{units: 12, activation: relu}}}}, {{Dropout: {{rate: 0.2}}}}, {{{SOFTMAX}}}]"


def spec_text(
    *,
    name: str = "small",
    layers: str = LAYERS,
    model: str = "kind: sequential",
    fit: str = "epochs: 2, batch_size: 20",
    compile: str = "optimizer: adam, loss: sparse_categorical_crossentropy, metrics: [accuracy]",
    data: str = "source: mnist_sample, validation: 0.1, limit: {train: 200, test: 60}, prepare: {x: [{rescale: 255}]}",
    more: str = "",
) -> str:
    """A spec that learns 180 digits in nine steps an epoch, but for what is said otherwise."""
    return f"""\
mnistspec: 1  # the version
name: {name}
seed: 7
data: {{{data}}}
model: {{{model}, layers: {layers}}}
compile: {{{compile}}}
fit: {{{fit}}}
{more}
"""


def history(folder: Path) -> list[dict[str, str]]:
    """The rows of a run's `history.csv`."""
    with (folder / "history.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


def without_seconds(folder: Path) -> list[dict[str, str]]:
    """The history but for what the clock says."""
    return [{name: value for name, value in row.items() if name != "seconds"} for row in history(folder)]


def arrays(folder: Path) -> dict[str, tuple[Any, ...]]:
    """What `predictions.npz` holds, to the bit."""
    import numpy as np

    with np.load(folder / "predictions.npz", allow_pickle=False) as kept:
        return {name: (kept[name].dtype.str, kept[name].shape, kept[name].tobytes()) for name in kept.files}


def weights(folder: Path) -> list[bytes]:
    """The bits of every weight and optimizer variable in `model.keras`, loaded by plain Keras."""
    import keras

    model = keras.models.load_model(folder / "model.keras", safe_mode=True)
    return [keras.ops.convert_to_numpy(one).tobytes() for one in (*model.weights, *model.optimizer.variables)]


def record(folder: Path) -> dict[str, Any]:
    """What `run.json` says."""
    read: dict[str, Any] = json.loads((folder / "run.json").read_text("utf-8"))
    return read


def proven(run: Run) -> bool:
    """Whether the run finished and both of its files predict what the trained model did."""
    checks = record(run.folder)["verification"]
    assert {name: check["identical"] for name, check in checks.items()} == {
        "model.keras": True,
        "model.weights.h5": True,
    }
    return record(run.folder)["status"] == "finished"
