"""The inputs of a model from the configs of its input layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from mnistspec.frozen import dataclass
from mnistspec.importers.calls import outputs_of
from mnistspec.importers.objects import Unsayable, about

_FLAGS = ("sparse", "ragged", "optional")


@dataclass(frozen=True)
class Input:
    """One input: the shape of one example, and the arguments of `keras.Input` that go not without saying."""

    name: str
    shape: list[int | None]
    others: dict[str, Any] = field(default_factory=dict)


def read_input(config: Mapping[str, Any]) -> Input:
    """An input from its layer's config. Raises: UsageError."""
    name = str(config["name"])
    with about(name):
        if "batch_input_shape" in config:
            raise Unsayable("its config was written by Keras 2; load the model with Keras 3 and save it again")
        if not isinstance(config.get("batch_shape"), list | tuple) or not config["batch_shape"]:
            raise Unsayable("it has no shape")
        size, *shape = config["batch_shape"]
        others = {"batch_size": size, "dtype": config["dtype"], **{flag: config.get(flag) for flag in _FLAGS}}
        usual = (None, False, "float32")
        return Input(name, shape, {key: value for key, value in others.items() if value not in usual})


def input_document(given: Input, usual_name: str) -> Any:
    """The shape alone where nothing else must be said."""
    named = {"name": given.name} if given.name != usual_name else {}
    return {"shape": given.shape, **given.others, **named} if given.others or named else given.shape


def several_inputs(structure: Any, known: Sequence[Input]) -> list[Input]:
    """A functional model's inputs in the order in which it takes them."""
    by_name = {given.name: given for given in known}
    found = [by_name[output.node] for output in outputs_of(structure)]
    twice = next((given for place, given in enumerate(found) if given in found[:place]), None)
    if twice is not None:
        raise Unsayable(f"its input `{twice.name}` stands twice among its inputs")
    return found
