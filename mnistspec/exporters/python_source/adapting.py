"""Layers that learn from the training inputs before the training, in the script."""

from __future__ import annotations

from mnistspec.exporters.python_source.layout import Code, call, quoted, statement
from mnistspec.exporters.python_source.model import indented
from mnistspec.plan import LayerStep, Plan


def adapted_steps(plan: Plan) -> list[LayerStep]:
    """The layers that learn from the data."""
    return [step for step in plan.steps if step.learns]


def adapt_function(plan: Plan) -> list[str]:
    """The lines of `adapt(model, x)`."""
    lines = ['"""Lets layers that learn from the training inputs do so."""']
    for step in adapted_steps(plan):
        lines += statement(call("model.get_layer", [quoted(step.name)]), "layer = ")
        lines += _reached(plan, step)
    return ["def adapt(model, x):", *indented(lines)]


def _reached(plan: Plan, step: LayerStep) -> list[str]:
    """The layer adapted to the inputs as they reach it."""
    source = step.sources()[0].node
    inputs = [given.name for given in plan.inputs]
    if source in inputs:
        return ["layer.adapt(x)"] if len(inputs) == 1 else statement(f"x[{quoted(source)}]", "layer.adapt(", ")")
    sized: dict[str, Code] = {"batch_size": repr(plan.batch_size)} if plan.batch_size is not None else {}
    return [
        "before = keras.Model(model.inputs, layer.input)",
        *statement(call("before.predict", ["x"], {**sized, "verbose": "0"}), "layer.adapt(", ")"),
    ]
