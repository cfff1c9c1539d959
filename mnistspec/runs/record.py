"""`run.json`: what a run was, what it ran on, what came out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import keras

from mnistspec.datasets.loaded import LoadedData
from mnistspec.exporters.diagram.words import telling_arguments
from mnistspec.plan import LayerStep, Plan
from mnistspec.runs.beginning import now


def taken_up(before: Mapping[str, Any], fresh: Mapping[str, Any], changed: tuple[str, ...]) -> dict[str, Any]:
    """The record of a run that goes on: what it was stays, what it runs on is what is there now."""
    kept = {name: value for name, value in before.items() if name not in ("error", "artifacts", "verification")}
    entry = {"at": now(), "command": fresh["command"], "changed": list(changed), "epoch": 0, "step": 0}
    stays = {name: before[name] for name in ("started", "command", "number") if name in before}
    return {**kept, **fresh, **stays, "resumed": [*before.get("resumed", []), entry]}


def model_record(model: keras.Model, plan: Plan, flops: int | None) -> dict[str, Any]:
    """The model as Keras built it: parameters, and a row a layer in the plan's order."""
    return {
        "params": model.count_params(),
        "trainable_params": sum(_size(weight) for weight in model.trainable_weights),
        "flops": flops,
        "inputs": [given.name for given in plan.inputs],
        "input_shapes": [list(tensor.shape) for tensor in model.inputs],
        "outputs": list(plan.output_names),
        "nodes": list(_node_records(model, plan)),
    }


def _node_records(model: keras.Model, plan: Plan, prefix: str = "") -> Iterator[dict[str, Any]]:
    """A row a step; those of a nested model follow its own and are named `outer/inner`."""
    every = model.layers if isinstance(model, keras.Sequential) else model.operations
    operations = {operation.name: operation for operation in every}
    calls: Counter[str] = Counter()
    for step in plan.steps:
        owner = step.shares or step.name
        made, call = operations[owner], calls[owner]
        calls[owner] += 1
        yield _node_record(made, step, call, prefix)
        if step.model is not None:
            yield from _node_records(made, step.model, f"{prefix}{step.name}/")


def _size(weight: Any) -> int:
    count = 1
    for size in weight.shape:
        count *= size
    return count


def _node_record(made: Any, step: LayerStep, call: int, prefix: str) -> dict[str, Any]:
    """The row of one call of a layer or an operation, `made`, counted from 0."""
    weights = made.weights if step.shares is None and isinstance(made, keras.Layer) else []
    return {
        "name": prefix + step.name,
        "block": prefix + step.block,
        "layer": step.call.name,
        "shares": f"{prefix}{step.shares}" if step.shares is not None else None,
        "arguments": telling_arguments(step.call) if step.shares is None else {"share": step.shares},
        "inputs": [f"{prefix}{port}" for port in step.sources()],
        "output_shapes": [list(shape) for shape in _shapes(made, call)],
        "params": sum(map(_size, weights)),
        "trainable_params": sum(_size(weight) for weight in made.trainable_weights) if weights else 0,
    }


def _shapes(made: Any, call: int) -> list[tuple[int | None, ...]]:
    """The shapes of what one call gave, batch first."""
    return [tuple(tensor.shape) for tensor in made._inbound_nodes[call].output_tensors]


def data_record(data: LoadedData, source: str, outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Where the examples came from and how many there were. `outputs` says what each output learns."""
    return {
        "source": source,
        "origin": data.origin,
        "digest": data.digest,
        "train": data.train.size,
        "validation": data.validation.size if data.validation is not None else None,
        "test": data.test.size if data.test is not None else None,
        "outputs": dict(outputs),
        "notes": list(data.notes),
        "preparation": data.preparation.to_json(),
    }
