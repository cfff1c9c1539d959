"""Asks the installed Keras for the models of `keras.applications`, in the form that `collect.py` describes.

Their names begin with `applications.`, as specs write them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import keras

# A file of weights would be a path to code that loads it; a spec names the published ones or none.
_KINDS = {
    "alpha": "float>0",
    "classes": "int>=1",
    "classifier_activation": "@activations | null",
    "depth_multiplier": "int>=1",
    "dropout": "float[0,1)",
    "dropout_rate": "float[0,1)",
    "include_preprocessing": "bool",
    "include_top": "bool",
    "input_shape": "list(int>=1 | null,3) | null",
    "minimalistic": "bool",
    "pooling": "'avg' | 'max' | null",
    "weights": "'imagenet' | null",
}
# What the language itself says of the node, by `from` and `name`.
_SAID_OTHERWISE = ("input_tensor", "name")
# What the language adds: layers inside whose outputs the node gives, and whether it is trained.
_ADDED = [
    {"name": "outputs", "kind": "list(str,1,1000) | null", "default": None},
    {"name": "trainable", "kind": "bool", "default": True},
]


def applications(plain: Callable[[Any, str], Any]) -> dict[str, Any]:
    """Every model by its name; `plain` turns a default into plain data."""
    offered = {name: thing for name, thing in vars(keras.applications).items() if inspect.isfunction(thing)}
    return {f"applications.{name}": _facts(name, offered[name], plain) for name in sorted(offered)}


def _facts(name: str, thing: Any, plain: Callable[[Any, str], Any]) -> dict[str, Any]:
    arguments = [*_arguments(name, thing, plain), *_ADDED]
    return {"path": f"keras.applications.{name}", "call": ["training"], "arguments": arguments}


def _arguments(application: str, thing: Any, plain: Callable[[Any, str], Any]) -> Iterator[dict[str, Any]]:
    for name, parameter in inspect.signature(thing).parameters.items():
        if name not in _SAID_OTHERWISE:
            default = plain(parameter.default, f"applications.{application}.{name}")
            yield {"name": name, "kind": _KINDS[name], "default": default}
