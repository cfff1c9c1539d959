"""Operations of a functional model's config as functions of `keras.ops`."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from typing import Any

import pytest
import yaml

from mnistspec.catalogue import load
from mnistspec.diagnostics import UsageError
from mnistspec.importers.document import spec_text
from mnistspec.importers.functions import GIVE_SEVERAL

from .configs import called, functional, given, made, tensor

_X = given("x", None, 4)
_SLICE = {"class_name": "__slice__", "config": {"start": 1, "stop": None, "step": None}}


def _array(dtype: str, value: Any) -> dict[str, Any]:
    return {"class_name": "__numpy__", "config": {"value": value, "dtype": dtype}}


def _operation(path: str, *args: Any, config: Any = None, **kwargs: Any) -> dict[str, Any]:
    entry = made(f"keras.src.ops.{path}", name="f", **(config or {}))
    return called({**entry, "registered_name": entry["class_name"]}, *args, **kwargs)


def _written(path: str, *args: Any, config: Any = None, **kwargs: Any) -> Any:
    entry = _operation(path, *args, config=config, **kwargs)
    text = spec_text(functional(_X, entry, inputs=[["x", 0, 0]], outputs=[["f", 0, 0]]))
    (layer,) = yaml.safe_load(text)["model"]["layers"]
    return layer


_ONE = tensor("x")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (_written("numpy.Multiply", _ONE, 2), {"ops.multiply": {"x2": 2, "name": "f"}}),
        (_written("numpy.Subtract", 1.5, _ONE), {"ops.subtract": {"x1": 1.5, "name": "f"}}),
        (_written("numpy.Add", _ONE, _ONE), {"ops.add": {"from": ["x", "x"], "name": "f"}}),
        (_written("numpy.Matmul", _ONE, x2=_array("float32", [[1.0]] * 4)),
         {"ops.matmul": {"x2": [[1.0]] * 4, "name": "f"}}),
        (_written("numpy.Add", _ONE, _array("float64", [0.5])), {"ops.add": {"x2": {"float64": [0.5]}, "name": "f"}}),
        (_written("numpy.Add", _ONE, _array("float32", 2.0)), {"ops.add": {"x2": {"float32": 2.0}, "name": "f"}}),
        (_written("numpy.Sum", _ONE, config={"axis": [1], "keepdims": True}),
         {"ops.sum": {"axis": [1], "keepdims": True, "name": "f"}}),
        (_written("numpy.Sum", _ONE, config={"axis": None, "keepdims": False}), {"ops.sum": {"name": "f"}}),
        (_written("core.Cast", _ONE, config={"dtype": "float32"}), {"ops.cast": {"dtype": "float32", "name": "f"}}),
        (_written("numpy.Concatenate", [_ONE, _ONE], config={"axis": 1}),
         {"ops.concatenate": {"axis": 1, "from": ["x", "x"], "name": "f"}}),
        (_written("numpy.GetItem", _ONE, [{"class_name": "__ellipsis__", "config": {}}, _SLICE, None]),
         {"ops.get_item": {"key": ["...", "1:", "newaxis"], "name": "f"}}),
        (_written("numpy.GetItem", _ONE, -1), {"ops.get_item": {"key": -1, "name": "f"}}),
    ],
)  # fmt: skip
def test_what_is_written_of_an_operation(written: Any, expected: Any) -> None:
    assert written == expected


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (_operation("numpy.Madeup", _ONE), "it is the operation `Madeup`, which no function of keras.ops makes"),
        (_operation("numpy.Add", _ONE, 1, 2), "it is called with 3 arguments, and `ops.add` takes 2"),
        (_operation("numpy.Add", _ONE, y=1), "`ops.add` has no argument `y`"),
        (_operation("numpy.Sum", _ONE, config={"novel": 1}), "`ops.sum` has no argument `novel`"),
        (_operation("numpy.Add", [_ONE, _ONE], 1), "its `x1` is a list of tensors, and a spec gives it a tensor"),
        (_operation("numpy.Add", _ONE, _array("complex64", [1])), "it is called on an array of complex64"),
        (_operation("numpy.GetItem", _ONE, ["x"]), "an index holds whole numbers"),
        (_operation("numpy.Add", _ONE, float("nan")), "cannot be written as a spec"),
        ({**_operation("numpy.Add", _ONE, 1), "inbound_nodes": [{}, {}]}, "one operation is called 2 times"),
        ({**_operation("numpy.Add", _ONE, 1), "registered_name": "own>Add"}, "it is the operation `Add`, which no"),
    ],
)
def test_what_cannot_be_written_is_refused_with_the_reason(entry: dict[str, Any], reason: str) -> None:
    with pytest.raises(UsageError, match=r"`(f|x2: .nan)` .*cannot be written|cannot be written") as caught:
        spec_text(functional(_X, entry, inputs=[["x", 0, 0]], outputs=[["f", 0, 0]]))
    assert reason in str(caught.value)


@pytest.mark.keras
def test_functions_that_may_give_several_tensors_are_known() -> None:
    functions = {facts.name: facts for facts in load()["ops"].classes.values() if facts.operation}
    assert {name for name, facts in functions.items() if _gives_several(facts.operation)} == set(GIVE_SEVERAL)


def _gives_several(operation: str) -> bool:
    """Whether the operation says of its output that it is a tuple or a list."""
    module, _, name = operation.rpartition(".")
    told = getattr(importlib.import_module(module), name).compute_output_spec
    (function,) = ast.parse(textwrap.dedent(inspect.getsource(told))).body
    inner = [node for node in ast.walk(function) if isinstance(node, ast.FunctionDef) and node is not function]
    returned = {node for node in ast.walk(function) if isinstance(node, ast.Return)}
    returned -= {node for one in inner for node in ast.walk(one) if isinstance(node, ast.Return)}
    return any(_is_several(node.value, ast.unparse(function)) for node in returned)


def _is_several(value: ast.expr | None, source: str) -> bool:
    if isinstance(value, ast.Call):
        return ast.unparse(value.func) in ("tuple", "list", "_compute_split_output_spec")
    # `return output` of unstack, a list that it has filled.
    filled = isinstance(value, ast.Name) and f"{value.id} = [" in source
    return filled or isinstance(value, ast.Tuple | ast.List | ast.ListComp)
