"""What each output of the model is for: classes, a yes or no, or numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnistspec.calls import Call
from mnistspec.datasets.loaded import LoadedData
from mnistspec.graph import by_each
from mnistspec.plan import Plan
from mnistspec.runs.predictions import task_of


def output_records(
    plan: Plan, predicted: Mapping[str, NDArray[Any]], targets: Mapping[str, NDArray[Any]], data: LoadedData
) -> dict[str, dict[str, Any]]:
    """Task, classes, class names and whether it gives logits, by output name."""
    return {name: _record(name, plan, array, targets.get(name), data) for name, array in predicted.items()}


def _record(
    name: str, plan: Plan, prediction: NDArray[Any], target: NDArray[Any] | None, data: LoadedData
) -> dict[str, Any]:
    loss = _loss(plan, name)
    task = task_of(target, prediction, _classes(loss, prediction))
    classes = {"classification": int(prediction.shape[-1]), "binary": 2, "regression": None}[task]
    names = data.class_names if data.class_names is not None and len(data.class_names) == classes else None
    return {
        "task": task,
        "classes": classes,
        "class_names": list(names) if names is not None else None,
        "logits": loss is not None and loss.argument("from_logits") is True,
    }


def _loss(plan: Plan, name: str) -> Call | None:
    losses = by_each(plan.compile.loss, plan.output_names)[name] if plan.compile is not None else ()
    return losses[0] if len(losses) == 1 else None


def _classes(loss: Call | None, prediction: NDArray[Any]) -> int | None:
    """The number of classes where the loss says that the output's values are classes."""
    sparse = loss is not None and loss.name == "SparseCategoricalCrossentropy"
    return int(np.shape(prediction)[-1]) if sparse else None
