"""Asks the installed Keras for the functions of `keras.ops`, in the form that `collect.py` describes.

Their names begin with `ops.`, as specs write them; an argument that is a tensor says under `tensor` in which form.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import keras

from mnistspec.catalogue.collect_operations import operation_of
from mnistspec.catalogue.functions import REFUSED, function_kind, tensor_form

_MODULES = (("", keras.ops), ("image.", keras.ops.image))
_VARIADIC = inspect.Parameter.VAR_POSITIONAL


def functions(plain: Callable[[Any, str], Any]) -> dict[str, Any]:
    """Every function by its name; `plain` turns a default into plain data."""
    found: dict[str, Any] = {}
    for thing, (name, *aliases) in _offered().items():
        facts: dict[str, Any] = {"path": f"keras.ops.{name}"}
        if aliases:
            facts["aliases"] = [f"ops.{alias}" for alias in aliases]
        if name in REFUSED:
            found[f"ops.{name}"] = {**facts, "refused": REFUSED[name], "arguments": []}
            continue
        arguments = list(_arguments(name, inspect.signature(thing).parameters, plain))
        first, *others = tensors = [argument["name"] for argument in arguments if "tensor" in argument]
        called = {"first": first, "call": others} if others else {"first": first}
        found[f"ops.{name}"] = {**facts, **called, **operation_of(thing, tensors), "arguments": arguments}
    return dict(sorted(found.items()))


def _offered() -> dict[Any, list[str]]:
    """The functions, each with all of its names; that by which Keras defines it comes first."""
    offered: dict[Any, list[str]] = {}
    for prefix, module in _MODULES:
        for name, thing in sorted(vars(module).items()):
            if inspect.isfunction(thing) and not name.startswith("_"):
                offered.setdefault(thing, []).append(prefix + name)
    return {
        thing: sorted(names, key=lambda name: name.rpartition(".")[2] != thing.__name__)
        for thing, names in offered.items()
    }


def _arguments(
    function: str, parameters: Mapping[str, inspect.Parameter], plain: Callable[[Any, str], Any]
) -> Iterator[dict[str, Any]]:
    for name, parameter in parameters.items():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            continue
        optional = parameter.default is not parameter.empty
        kind = function_kind(function, name, optional=parameter.default is None)
        argument: dict[str, Any] = {"name": name, "kind": kind}
        if form := tensor_form(function, name):
            argument["tensor"] = form
        if optional:
            argument["default"] = plain(parameter.default, f"ops.{function}.{name}")
        yield argument
