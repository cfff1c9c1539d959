"""A case: a layer and what it is called on, and whether Keras takes it; and the inputs that many cases share."""

from __future__ import annotations

from dataclasses import dataclass

from mnistspec.calls import Call, Value
from mnistspec.shapes.base import Inputs

from ..calls import call, on


@dataclass(frozen=True)
class Case:
    call: Call
    inputs: Inputs
    refused: bool = False

    def __str__(self) -> str:
        shapes = " ".join(str(tensor.shape) for tensor in self.inputs.tensors)
        arguments = ", ".join(f"{name}={getattr(value, 'name', value)}" for name, value in self.call.arguments.items())
        return f"{self.call.name}({arguments}) on {shapes}"


def taken(name: str, inputs: Inputs, /, **arguments: Value) -> Case:
    return Case(call(name, **arguments), inputs)


def refused(name: str, inputs: Inputs, /, **arguments: Value) -> Case:
    return Case(call(name, **arguments), inputs, refused=True)


FLAT, STEPS = on((None, 6)), on((None, 4, 6))
LINE, IMAGE, BLOCK = on((None, 8, 3)), on((None, 8, 9, 3)), on((None, 8, 9, 10, 3))
PLANES = on((None, 3, 8, 9))
SPACES = {1: LINE, 2: IMAGE, 3: BLOCK}
