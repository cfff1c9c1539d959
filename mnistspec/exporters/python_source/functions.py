"""Calls of functions of `keras.ops` as code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mnistspec.exporters.python_source.layout import INDENT, Bracket, Code, call, quoted
from mnistspec.exporters.python_source.objects import expression
from mnistspec.plan import LayerStep, Plan


def function_code(step: LayerStep, code: Callable[[Any], Code]) -> Bracket:
    """The call: what leads is given by its place, the rest by name; `code` writes tensors."""
    facts = step.call.facts
    given = {name: code(ports) for name, ports in step.named.items()}
    given |= {name: _constant(step, name, value) for name, value in step.call.arguments.items()}
    placed: list[Code] = []
    for name, argument in facts.arguments.items():
        if argument.tensor == "rest":
            ports = step.named[name]
            placed += [code(port) for port in (ports if isinstance(ports, tuple) else (ports,))]
            given.pop(name)
        elif name in given and (argument.tensor is not None or name == "subscripts"):
            placed.append(given.pop(name))
        else:
            break
    return call(facts.path, placed, {name: given[name] for name in facts.arguments if name in given})


def _constant(step: LayerStep, name: str, value: Any) -> Code:
    """A setting; a list that stands for a tensor as an array of Keras."""
    if step.call.facts.arguments[name].tensor is None or not isinstance(value, tuple):
        return expression(value)
    return call("np.array", [expression(_lists(value)), quoted(_dtype(value))])


def _lists(value: Any) -> Any:
    return [_lists(item) for item in value] if isinstance(value, tuple) else value


def _dtype(value: Any) -> str:
    kinds = {type(item) for item in _flat(value)}
    return "float32" if float in kinds else "int32" if int in kinds else "bool"


def _flat(value: Any) -> list[Any]:
    return [inner for item in value for inner in _flat(item)] if isinstance(value, tuple) else [value]


def has_arrays(plan: Plan) -> bool:
    """Whether an array stands for a tensor somewhere."""
    return any(
        isinstance(value, tuple) and step.call.facts.arguments[name].tensor is not None
        for step in plan.steps
        for name, value in step.call.arguments.items()
    )


def naming_function(plan: Plan, named: frozenset[str], several: frozenset[str]) -> list[str]:
    """The lines of `named(result, name)`; none where no function is given a name."""
    given = {step.name for step in plan.steps if step.call.facts.tensors} & named
    tensor = "result[0] if isinstance(result, (list, tuple)) else result" if given & several else "result"
    body = [
        '"""The result of a function of `keras.ops`, which takes no name, under one."""',
        f"tensor = {tensor}",
        "tensor._keras_history.operation.name = name",
    ]
    if not given & several:
        body[1:] = ["result._keras_history.operation.name = name"]
    return ["def named(result, name):", *(f"{INDENT}{line}" for line in [*body, "return result"])] if given else []
