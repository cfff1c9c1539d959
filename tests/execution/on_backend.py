"""One spec trained on one backend, from the weights of its seed: a program, since Keras has one backend a process.

`python -m tests.execution.on_backend BACKEND FOLDER` reads `spec.yaml` in the folder and leaves `BACKEND.npz` and
`BACKEND.keras` there, and a whole run in `runs/BACKEND`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mnistspec
from mnistspec.backend import import_keras


@dataclass(frozen=True, eq=False)
class Learnt:
    """The weights of `initial.yaml` as the seed draws them; the loss of each epoch, the weights after the last, and
    predictions of the first backend's model.
    """

    initial: list[Any]
    losses: Any
    weights: list[Any]
    predicted: Any


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
    np.savez(
        folder / f"{backend}.npz", losses=np.array(losses), predicted=predicted,
        **_numbered("weight", model.get_weights()), **_numbered("initial", initial.get_weights()),
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
        initial, weights = (
            [kept[name] for name in sorted(kept.files) if name.startswith(kind)] for kind in ("initial", "weight")
        )
        return Learnt(initial, kept["losses"], weights, kept["predicted"])


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


def _numbered(kind: str, weights: list[Any]) -> dict[str, Any]:
    return {f"{kind}_{number:02}": weight for number, weight in enumerate(weights)}


if __name__ == "__main__":
    learn(sys.argv[1], Path(sys.argv[2]))
