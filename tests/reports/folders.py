"""Run folders made up from seeded noise, one function a kind of run, as the run half would have written them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Record = dict[str, Any]

HOSTILE = '<script>alert("x")</script> | `tick` **bold** [link](http://example.invalid) \u202e\x07\nsecond line & $x$'
SPEC = "mnistspec: 1\nname: digits\nmodel:\n  kind: sequential\n  layers:\n    - Flatten\n    - Dense: {units: 10}\n"


def record(**changes: Any) -> Record:
    """`run.json` of a finished run that classifies digits; `changes` replace whole keys."""
    return {
        "mnistspec": "0.1.0",
        "format": 1,
        "name": "digits",
        "number": 3,
        "description": "Two hidden layers on handwritten digits.",
        "status": "finished",
        "kind": "sequential",
        "seed": 7,
        "command": ["mnistspec", "run", "specs/digits.yaml"],
        "started": "2026-01-02T03:04:05Z",
        "finished": "2026-01-02T03:05:12Z",
        "metrics": _metrics(),
        "timings": _timings(),
        "epochs": {"asked": 10, "run": 10, "kept": 7, "batch_size": 100, "steps": 540},
        "model": _model(),
        "data": data({"digit": classes(10)}),
        "verification": {name: {"identical": True, "compared": 10000} for name in ("model.keras", "model.weights.h5")},
        "artifacts": {
            "model.keras": {"sha256": "a1" * 32, "bytes": 8_064_512},
            "model.weights.h5": {"sha256": "b2" * 32, "bytes": 8_049_200},
        },
        "versions": {"python": "3.12.8", "mnistspec": "0.1.0", "keras": "3.15.1", "tensorflow": "2.21.0"},
        "backend": "tensorflow",
        "devices": ["CPU:0"],
        "machine": {"system": "Linux", "processor": "x86_64", "cores": 2, "memory_bytes": 25_769_803_776},
        "deterministic": False,
        "precision": "float32",
        "jit_compile": True,
        "steps_per_execution": 60,
        "warnings": [],
        **changes,
    }


def classes(count: int, names: list[str] | None = None, task: str = "classification") -> Record:
    return {"task": task, "classes": count, "class_names": names}


def data(outputs: Record, **changes: Any) -> Record:
    return {
        "source": "mnist",
        "origin": "mnist",
        "digest": "c3" * 32,
        "train": 54000,
        "validation": 6000,
        "test": 10000,
        "outputs": outputs,
        "notes": [],
        "preparation": preparation(),
        **changes,
    }


def preparation() -> Record:
    """Pixels scaled and made flat, as a run records it."""
    steps = [{"step": "rescale", "options": {"divisor": 255}}, {"step": "reshape", "options": {"shape": [784]}}]
    raw = {"x": {"shape": [28, 28], "dtype": "uint8"}}
    return {"version": 1, "x": {"x": steps}, "y": {"y": []}, "raw": raw, "layout": None, "class_names": None}


def history(epochs: int = 10, metrics: tuple[str, ...] = ("accuracy",)) -> str:
    """`history.csv` of a run that learns, with a validation loss that turns up again near the end."""
    noise = np.random.default_rng(5).normal(0, 0.004, (epochs, 2 + 2 * len(metrics)))
    rows = [_epoch(epoch, metrics, noise[epoch - 1]) for epoch in range(1, epochs + 1)]
    return as_csv(rows)


def as_csv(rows: list[Record]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def chances(labels: Array, classes: int, sharpness: float = 6.0, seed: int = 1) -> Array:
    """Softmax probabilities (examples, classes) that mostly favour the label."""
    scores = np.random.default_rng(seed).normal(0, 1.6, (len(labels), classes))
    scores[np.arange(len(labels)), labels] += sharpness
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    normalised: Array = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return normalised


def labels(examples: int, classes: int, seed: int = 2) -> Array:
    return np.random.default_rng(seed).integers(0, classes, examples)


def worst_first(predicted: Array, labels: Array, count: int) -> Array:
    """The rows of the surest mistakes, then of right answers."""
    wrong = predicted.argmax(axis=1) != labels
    rows: Array = np.lexsort((-predicted.max(axis=1), ~wrong))[:count]
    return rows


def blobs(count: int, channels: int = 0, size: int = 28) -> Array:
    """Noise pictures (count, size, size) or (count, size, size, channels), uint8."""
    shape = (count, size, size, channels) if channels else (count, size, size)
    return np.random.default_rng(3).integers(0, 256, shape).astype(np.uint8)


def write(folder: Path, run: Record, history: str | None = None, arrays: dict[str, Array] | None = None) -> Path:
    """Lays out a run's folder with its spec, as it was written and resolved."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")
    (folder / "spec.yaml").write_text(SPEC, encoding="utf-8")
    (folder / "resolved.yaml").write_text(SPEC + "seed: 7\n", encoding="utf-8")
    if history is not None:
        (folder / "history.csv").write_text(history, encoding="utf-8")
    if arrays is not None:
        np.savez_compressed(folder / "predictions.npz", allow_pickle=False, **arrays)
    return folder


def classification(folder: Path) -> Path:
    """Ten classes, pictures, some mistakes."""
    true = labels(1000, 10)
    predicted = chances(true, 10)
    rows = worst_first(predicted, true, 30)
    arrays = {"prediction_digit": predicted, "target_digit": true, "sample_index": rows, "sample_image": blobs(30)}
    return write(folder, record(), history(), arrays)


def several_outputs(folder: Path) -> Path:
    """A digit and its parity from colour pictures, with class names for one of them."""
    true = labels(600, 10)
    predicted = chances(true, 10)
    odd = chances(true % 2, 2, 3.0)[:, 1:]
    rows = worst_first(predicted, true, 20)
    arrays: dict[str, Array] = {"prediction_digit": predicted, "target_digit": true[:, None], "prediction_odd": odd}
    arrays |= {"target_odd": (true % 2)[:, None], "sample_index": rows, "sample_image": blobs(20, 3)}
    outputs = {"digit": classes(10), "odd": classes(2, ["even", "odd"], "binary")}
    test = {"loss": 0.21, "digit_loss": 0.15, "odd_loss": 0.06, "digit_accuracy": 0.95, "odd_accuracy": 0.97}
    run = record(data=data(outputs), metrics={"train": None, "validation": None, "test": test})
    return write(folder, run, history(10, ("digit_accuracy", "odd_accuracy")), arrays)


def regression(folder: Path) -> Path:
    """One number an example, from eight features."""
    random = np.random.default_rng(4)
    true = random.normal(20, 8, (3000, 1)).astype(np.float32)
    predicted = (true * 0.95 + 0.8 + random.normal(0, 1.5, true.shape)).astype(np.float32)
    rows = np.argsort(-np.abs(predicted - true), axis=None)[:10]
    features = random.normal(0, 1, (10, 8)).astype(np.float32)
    arrays: dict[str, Array] = {
        "prediction_price": predicted,
        "target_price": true,
        "sample_index": rows,
        "sample_x": features,
    }
    measured = {"loss": 2.41, "mae": 1.213}
    outputs = {"price": {"task": "regression", "classes": None, "class_names": None}}
    run = record(
        data=data(outputs, source="csv", origin="csv"),
        metrics={"train": measured, "validation": measured, "test": measured},
    )
    return write(folder, run, history(12, ("mae",)), arrays)


def autoencoder(folder: Path) -> Path:
    """Flat pictures out, as they came in; a second, short row of features comes in as well."""
    wanted = np.random.default_rng(6).random((40, 784)).astype(np.float32)
    given = np.clip(wanted + 0.05, 0, 1)
    arrays: dict[str, Array] = {"prediction_picture": given, "target_picture": wanted, "sample_index": np.arange(6)}
    arrays |= {"sample_image": blobs(6), "sample_x": wanted[:6, :9]}
    outputs = {"picture": {"task": "regression", "classes": None, "class_names": None}}
    return write(folder, record(data=data(outputs)), history(5, ()), arrays)


def interrupted(folder: Path) -> Path:
    """Cut off in its fourth epoch: no predictions, nothing saved, nothing proved."""
    run = record(
        status="interrupted",
        finished=None,
        metrics={"train": {"loss": 0.31, "accuracy": 0.91}, "validation": None, "test": None},
        epochs={"asked": 10, "run": 3, "kept": None, "batch_size": 100, "steps": 540},
        verification=None,
        artifacts={},
    )
    return write(folder, run, history(3))


def many_classes(folder: Path) -> Path:
    """A hundred named classes: too many for a matrix."""
    true = labels(5000, 100)
    arrays: dict[str, Array] = {
        "prediction_thing": chances(true, 100, 4.0),
        "target_thing": np.eye(100, dtype=np.float32)[true],
    }
    names = [f"species {i}" for i in range(100)]
    return write(folder, record(data=data({"thing": classes(100, names)})), history(60), arrays)


def hostile(folder: Path) -> Path:
    """Every text that a person or a file can choose tries to break out of the report."""
    true = labels(200, 3)
    predicted = chances(true, 3, 2.0)
    name = "a <b> | `c`"
    arrays: dict[str, Array] = {f"prediction_{name}": predicted, f"target_{name}": true}
    arrays |= {"sample_index": worst_first(predicted, true, 6), f"sample_{HOSTILE}": blobs(6)}
    warning = {"code": "W505", "severity": "warning", "message": HOSTILE, "line": 3, "column": 7, "help": HOSTILE}
    node = {"name": HOSTILE, "layer": HOSTILE, "inputs": [HOSTILE], "output_shapes": [[None, 10]], "params": 10}
    run = record(
        name=HOSTILE,
        description=HOSTILE,
        command=["mnistspec", HOSTILE],
        model={"params": 10, "trainable_params": 10, "flops": None, "nodes": [node], "outputs": [name]},
        data=data({name: classes(3, [HOSTILE, "b|c", "</td>"])}, origin=HOSTILE, notes=[HOSTILE]),
        versions={HOSTILE: HOSTILE},
        devices=[HOSTILE],
        machine={HOSTILE: HOSTILE},
        warnings=[warning],
    )
    write(folder, run, history(4, ("accuracy", "<svg onload=x>")), arrays)
    (folder / "spec.yaml").write_text(f"# {HOSTILE}\n```\n</code></pre><script>\n{SPEC}", encoding="utf-8")
    return folder


def diverged(folder: Path) -> Path:
    """The loss became NaN in the third epoch, and with it every prediction."""
    rows = [_epoch(epoch, ("accuracy",), np.zeros(4)) for epoch in range(1, 7)]
    for row in rows[2:]:
        row |= {"loss": "nan", "val_loss": "nan"}
    measured = {"loss": float("nan"), "accuracy": 0.098}
    run = record(metrics={"train": measured, "validation": measured, "test": measured})
    arrays: dict[str, Array] = {
        "prediction_digit": np.full((50, 10), np.nan, np.float32),
        "target_digit": labels(50, 10),
    }
    return write(folder, run, as_csv(rows), arrays)


def _metrics() -> Record:
    return {
        "train": {"loss": 0.0123, "accuracy": 0.99651},
        "validation": {"loss": 0.0698, "accuracy": 0.98133},
        "test": {"loss": 0.0645, "accuracy": 0.9812},
    }


def _timings() -> Record:
    phases = {"import": 5.8, "data": 0.41, "build": 0.32, "fit": 41.2, "evaluate": 1.1, "predict": 0.8, "save": 0.3}
    return {**phases, "verify": 2.4, "total": 53.1}


def _model() -> Record:
    layers = (("flatten", "Flatten", 784, 0), ("dense", "Dense", 512, 401_920), ("dense_1", "Dense", 10, 5130))
    names = ["input", *(name for name, *_ in layers)]
    nodes = [
        {"name": name, "layer": layer, "inputs": [before], "output_shapes": [[None, units]], "params": params}
        for (name, layer, units, params), before in zip(layers, names, strict=False)
    ]
    return {"params": 407_050, "trainable_params": 407_050, "flops": 813_568, "nodes": nodes, "outputs": ["dense_1"]}


def _epoch(epoch: int, metrics: tuple[str, ...], noise: Array) -> Record:
    loss = 0.02 + 0.5 / epoch
    row = {"epoch": epoch, "seconds": 4.1, "loss": loss + noise[0], "val_loss": loss + 0.012 * epoch + noise[1]}
    for place, metric in enumerate(metrics):
        row[metric] = min(1.0, 1 - loss / 5 + noise[2 + 2 * place])
        row[f"val_{metric}"] = min(1.0, 1 - loss / 4 + noise[3 + 2 * place])
    return {**row, "learning_rate": 0.001}
