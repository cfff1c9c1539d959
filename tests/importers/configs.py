"""Configs as Keras writes them, made without Keras: for the tests of what needs the config alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

POLICY = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}


def made(path: str, /, **config: Any) -> dict[str, Any]:
    """A serialized object of a public class, such as `keras.initializers.Zeros`."""
    module, _, class_name = path.rpartition(".")
    return {"module": module, "class_name": class_name, "config": config, "registered_name": None}


def layer(class_name: str, name: str, /, **config: Any) -> dict[str, Any]:
    """A layer as a sequential model has it."""
    return made(f"keras.layers.{class_name}", **{"name": name, "trainable": True, "dtype": POLICY, **config})


def given(name: str, *shape: int | None, dtype: str = "float32", **others: Any) -> dict[str, Any]:
    """An input layer; the shape begins with the batch."""
    flags = {"sparse": False, "ragged": False, "optional": False, **others}
    entry = made("keras.layers.InputLayer", batch_shape=list(shape), dtype=dtype, name=name, **flags)
    return {**entry, "name": name, "inbound_nodes": []}


def tensor(node: str, index: int = 0) -> dict[str, Any]:
    """A reference to an output in a call."""
    return {
        "class_name": "__keras_tensor__",
        "config": {"shape": [None, 4], "dtype": "float32", "keras_history": [node, 0, index]},
    }


def called(entry: Mapping[str, Any], *args: Any, **kwargs: Any) -> dict[str, Any]:
    """A layer as a functional model has it, called once."""
    node = {"args": list(args), "kwargs": kwargs}
    return {**entry, "name": entry["config"]["name"], "inbound_nodes": [node]}


def operation(class_name: str, name: str, *args: Any) -> dict[str, Any]:
    """A function of keras.ops in a functional model."""
    entry = {**made(f"keras.src.ops.numpy.{class_name}", name=name), "registered_name": class_name}
    return called(entry, *args)


def sequential(*layers: Mapping[str, Any], compiled: Any = None, **config: Any) -> dict[str, Any]:
    body = {"name": "net", "trainable": True, "dtype": POLICY, "layers": list(layers), **config}
    return {**made("keras.Sequential", **body), "compile_config": compiled}


def functional(
    *layers: Mapping[str, Any], inputs: Any, outputs: Any, compiled: Any = None, **config: Any
) -> dict[str, Any]:
    ends = {"input_layers": inputs, "output_layers": outputs}
    body = {"name": "net", "trainable": True, "layers": list(layers), **ends, **config}
    return {**made("keras.src.models.functional.Functional", **body), "compile_config": compiled}
