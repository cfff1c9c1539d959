"""Calls of functions of `keras.ops` as code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mnistspec.catalogue.indices import Index, parsed_index
from mnistspec.exporters.python_source.layout import INDENT, Bracket, Code, call, quoted, tight, tuple_of
from mnistspec.exporters.python_source.objects import Written, expression
from mnistspec.plan import LayerStep, Plan
from mnistspec.shapes.constants import dtype_of, stands_for_array


def function_code(step: LayerStep, code: Callable[[Any], Code]) -> Bracket:
    """The call: what leads is given by its place, the rest by name; `code` writes tensors."""
    facts = step.call.facts
    if facts.name == "ops.get_item":
        return call(facts.path, [code(step.named["x"]), _index(step.call.argument("key"))])
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
    return tight(call(facts.path, placed, {name: given[name] for name in facts.arguments if name in given}))


def _index(key: Any) -> Code:
    """The index of `ops.get_item` as Python's own objects."""
    if isinstance(key, Written):
        return key.code
    return tuple_of(map(_index, key)) if isinstance(key, tuple) else _item(parsed_index(key))


def _item(index: Index) -> Code:
    if not isinstance(index, slice):
        return "..." if index is ... else repr(index)
    bounds = [index.start, index.stop, index.step]
    if index.step is None:
        bounds.pop()
    return call("slice", [repr(bound) for bound in bounds])


def _constant(step: LayerStep, name: str, value: Any) -> Code:
    """A setting; a list or a typed constant that stands for a tensor as an array."""
    return constant_code(value) if stands_for_array(step.call, name, value) else expression(value)


def constant_code(value: Any) -> Code:
    """A constant in a tensor's place as an array, or in the form it has; None for none."""
    if value is None:
        return "None"
    ((form, inner),) = value.items() if isinstance(value, Mapping) else ((dtype_of(value), value),)
    if form == "tensor":
        return call("keras.ops.convert_to_tensor", [constant_code(inner)])
    return expression(_lists(inner)) if form == "list" else call("np.array", [expression(_lists(inner)), quoted(form)])


def _lists(value: Any) -> Any:
    return [_lists(item) for item in value] if isinstance(value, tuple) else value


def has_arrays(plan: Plan) -> bool:
    """Whether an array stands for a tensor somewhere."""
    return any(
        stands_for_array(step.call, name, value)
        for step in plan.everywhere()
        for name, value in step.call.arguments.items()
    ) or any(one.value is not None for step in plan.everywhere() for one in step.constants())


def naming_function(plan: Plan, named: frozenset[str], several: frozenset[str]) -> list[str]:
    """The lines of `named(result, name)`; of the functions that are `named`, `several` return more than one tensor."""
    lists = any(step.call.facts.tensors and step.name in named & several for step in plan.everywhere())
    tensor = "result[0] if isinstance(result, (list, tuple)) else result"
    body = [
        '"""The result of a function of `keras.ops`, under this name in the model.',
        "",
        "A layer takes a `name=`, a function does not: Keras gives a name of its own to the",
        "operation that the call becomes. Only a private attribute leads to that operation.",
        '"""',
        *([f"tensor = {tensor}"] if lists else []),
        f"{'tensor' if lists else 'result'}._keras_history.operation.name = name",
        "return result",
    ]
    return ["def named(result, name):", *(f"{INDENT}{line}" if line else "" for line in body)]
