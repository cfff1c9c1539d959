"""One spec trained on one backend, from the weights of its seed: a program, since Keras has one backend a process.

`python -m tests.execution.on_backend BACKEND FOLDER` reads `spec.yaml`, `initial.yaml` and `order.yaml` in the folder
and leaves `BACKEND.npz` and `BACKEND.keras` there, and whole runs in `runs/BACKEND`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mnistspec
from mnistspec.backend import import_keras

# Settings of `order.yaml` under which examples reach the steps in other ways.
ORDERS = {
    "shuffled": (),
    "fewer steps than examples": ("fit.steps_per_epoch=4",),
    "on the disk": ("data.hold=streamed",),
    "a step at a time": ("compile.steps_per_execution=1",),
}


@dataclass(frozen=True, eq=False)
class Learnt:
    """The weights of `initial.yaml` by their paths, as the seed draws them; the loss of each epoch, the weights after
    the last, predictions of the first backend's model; and the one weight of `order.yaml` for each of `ORDERS`.
    """

    initial: dict[str, Any]
    losses: Any
    weights: list[Any]
    predicted: Any
    ordered: dict[str, float]


def learn(backend: str, folder: Path) -> None:
    """Trains twice: by the engine alone, and by a whole run."""
    import_keras(backend)
    import numpy as np

    from mnistspec.exporters.keras_model import build_model
    from mnistspec.training.fit import fit_model
    from mnistspec.training.progress import Silent

    result = mnistspec.check(folder / "spec.yaml", overrides=[f"backend={backend}"])
    assert result.spec is not None and result.spec.fit is not None, result.diagnostics
    model, data = build_model(result.plan()), _examples()
    history = fit_model(model, result.spec.fit, data, None, seed=7, steps_at_once=1, folder=folder, listener=Silent())
    model.save(folder / f"{backend}.keras")
    predicted = predict(folder / "tensorflow.keras")
    losses = [row["loss"] for row in history.rows]
    initial = mnistspec.build(folder / "initial.yaml", overrides=[f"backend={backend}"])
    ordered = {name: _ordered(backend, folder, settings) for name, settings in ORDERS.items()}
    np.savez(
        folder / f"{backend}.npz", losses=np.array(losses), predicted=predicted, ordered=np.array([*ordered.values()]),
        **{f"weight_{number:02}": weight for number, weight in enumerate(model.get_weights())},
        **{f"initial_{one.path}".replace("/", "."): weight
           for one, weight in zip(initial.weights, initial.get_weights(), strict=True)},
    )  # fmt: skip
    mnistspec.run(folder / "spec.yaml", overrides=[f"backend={backend}"], out=folder / "runs" / backend)


def predict(path: Path) -> Any:
    """What a saved model makes of the examples, on the backend of this process."""
    import keras

    return keras.models.load_model(path, safe_mode=True).predict(_examples().x, verbose=0)


def read(backend: str, folder: Path) -> Learnt:
    """What `learn` left."""
    import numpy as np

    with np.load(folder / f"{backend}.npz", allow_pickle=False) as kept:
        initial = {name: kept[name] for name in kept.files if name.startswith("initial_")}
        weights = [kept[name] for name in sorted(kept.files) if name.startswith("weight_")]
        ordered = dict(zip(ORDERS, kept["ordered"].tolist(), strict=True))
        return Learnt(initial, kept["losses"], weights, kept["predicted"], ordered)


def record(backend: str, folder: Path) -> dict[str, Any]:
    """The record of the whole run."""
    (path,) = (folder / "runs" / backend).glob("*/001/run.json")
    read: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return read


def _examples() -> Any:
    import numpy as np

    from mnistspec.training.examples import Examples

    random = np.random.default_rng(1)
    return Examples(random.random((90, 28, 28, 1), dtype=np.float32), random.integers(0, 10, 90), 90)


def _ordered(backend: str, folder: Path, settings: tuple[str, ...]) -> float:
    """The weight that a run of `order.yaml` ends with."""
    overrides = [f"backend={backend}", *settings]
    done = mnistspec.run(folder / "order.yaml", overrides=overrides, out=folder / "runs" / f"{backend}-order")
    (weight,) = done.model().get_weights()
    return float(weight.item())


if __name__ == "__main__":
    learn(sys.argv[1], Path(sys.argv[2]))
