"""Asks the sources of `keras.ops` which operation each function puts into a graph, and what it calls that on."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from keras import Operation


def operation_of(function: Callable[..., Any], tensors: Sequence[str]) -> Mapping[str, Any]:
    """`operation`, the class that stands in a model's config, and `called_on`, the arguments that its call takes in
    their order, where these are not the `tensors`. Nothing for a function that makes no operation by itself.
    """
    made = list(_made(function))
    if len(made) != 1:
        return {}
    kind, call = made[0]
    called_on = [name for argument in call.args if (name := _named(argument))]
    called_on += [keyword.arg for keyword in call.keywords if keyword.arg is not None]
    facts: dict[str, Any] = {"operation": f"{kind.__module__}.{kind.__name__}"}
    return facts if called_on == list(tensors) else {**facts, "called_on": called_on}


def _made(function: Callable[..., Any]) -> Iterator[tuple[type, ast.Call]]:
    """The operations that a function makes and calls: `Add()(x1, x2)`, or `Add().symbolic_call(x1, x2)`."""
    known = vars(inspect.getmodule(function))
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        callee = node.func if isinstance(node, ast.Call) else None
        if isinstance(callee, ast.Attribute) and callee.attr == "symbolic_call":
            callee = callee.value
        made = known.get(_named(callee.func)) if isinstance(callee, ast.Call) else None
        if isinstance(node, ast.Call) and inspect.isclass(made) and issubclass(made, Operation):
            yield made, node


def _named(node: ast.expr) -> str:
    inner = node.value if isinstance(node, ast.Starred) else node
    return inner.id if isinstance(inner, ast.Name) else ""
