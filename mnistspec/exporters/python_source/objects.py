"""Values of a spec as Python code: plain data, words that Keras takes, calls of its classes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnistspec.calls import Call, PythonObject, calls_in
from mnistspec.catalogue import load
from mnistspec.catalogue.activations import LAYER_OF
from mnistspec.exporters.python_source.layout import Bracket, Code, call, listing, quoted, table, tight, tuple_of
from mnistspec.frozen import dataclass

# Arguments that everybody knows by their place, where a class has no other required ones.
_KNOWN_BY_PLACE = (("filters", "kernel_size"),)
# The signs and zeros of an exponent that a person leaves out.
_EXPONENT = re.compile(r"e(?:\+|(-))0?(?=\d)")

# The functions, modules and variables of the script's own beside which objects of the author's stand.
_OWN_NAMES = frozenset([
    "adapt", "again", "base", "batches", "before", "csv", "examples", "forget", "hashlib", "i", "inputs", "itertools",
    "j", "k", "keras", "layers", "main", "math", "model", "name", "named", "new", "np", "numbered", "os", "outputs",
    "policy", "predict", "predictions", "re", "rebuilt", "reloaded", "resize", "scores", "secrets", "x", "y",
])  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A value as the code that the script has for it."""

    code: str


def expression(value: Any) -> Code:
    """A value as code that makes what the Keras builder would make of it."""
    if isinstance(value, Written):
        return value.code
    if isinstance(value, Call):
        return _object(value)
    if isinstance(value, Mapping):
        return table((quoted(name), expression(inner)) for name, inner in value.items())
    if isinstance(value, tuple):
        return tuple_of(expression(item) for item in value)
    if isinstance(value, list):
        return listing(expression(item) for item in value)
    return quoted(value) if isinstance(value, str) else _EXPONENT.sub(r"e\1", repr(value))


def construction(given: Call, extra: Mapping[str, Code] | None = None) -> Bracket:
    """The call that makes an object, with the arguments that the spec wrote and those in `extra`."""
    if given.code is not None:
        named_too = {name: expression(value) for name, value in given.arguments.items()}
        return tight(call(imported_name(given.code), (), {**named_too, **(extra or {})}))
    placed = _by_place(given)
    values = {name: expression(insisted(given, name, value)) for name, value in given.arguments.items()}
    named = {name: code for name, code in values.items() if name not in placed}
    return tight(call(_dotted(given.facts.path), [values[name] for name in placed], {**named, **(extra or {})}))


def imported_name(code: PythonObject) -> str:
    """What the script calls an object of Python: by its module's name too, which keeps it apart from variables."""
    return f"{module_name(code.module)}.{code.name}"


def module_name(module: str) -> str:
    """What the script calls a module of the author's; another name where it uses that one itself."""
    return f"own_{module.replace('.', '_')}" if module.partition(".")[0] in _OWN_NAMES else module


def is_called(given: Call) -> bool:
    """Whether an object of Python is called: as Keras would, that makes losses and the like of classes itself."""
    assert given.code is not None
    always = given.facts.namespace in ("layers", "cells", "optimizers", "callbacks")
    return always or given.code.called or given.code.name[:1].isupper()


def _object(given: Call) -> Code:
    if given.code is not None and not is_called(given):
        return imported_name(given.code)
    if given.code is not None:
        return construction(given)
    if given.facts.namespace == "activations":
        return _activation(given)
    if given.bare is not None and _is_word(given, given.bare):
        return quoted(given.bare)
    return construction(given)


def _activation(given: Call) -> Code:
    if not given.arguments:
        return quoted(given.name)
    values = {name: expression(value) for name, value in given.arguments.items()}
    return call(f"layers.{LAYER_OF[given.name]}", (), values)


def _is_word(given: Call, bare: str) -> bool:
    """Whether Keras makes the same object, at the same moment, from the word that the spec has."""
    namespace = given.facts.namespace
    if namespace in ("losses", "metrics"):
        return bare in load()[namespace].identifiers
    if namespace == "initializers" and "seed" in given.facts.arguments:
        return True
    return namespace in ("initializers", "regularizers", "constraints") and bare != given.name


def insisted(given: Call, name: str, value: Any) -> Any:
    """The value in the Python type that Keras demands for this argument, where it demands one."""
    wanted = given.facts.arguments[name].insists if given.code is None else None
    if wanted == "float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return list(value) if wanted == "list" and isinstance(value, tuple) else value


def _by_place(given: Call) -> tuple[str, ...]:
    """The arguments to give without their names: the only required one, where it comes first.

    Objects stay in the order in which the spec has them, since making one may draw a seed.
    """
    required = tuple(argument.name for argument in given.facts.arguments.values() if argument.required)
    if required != tuple(given.facts.arguments)[: len(required)] or any(
        name not in given.arguments for name in required
    ):
        return ()
    if len(required) != 1 and required not in _KNOWN_BY_PLACE:
        return ()
    objects = [name for name, value in given.arguments.items() if any(calls_in(value))]
    return () if any(name in objects[1:] for name in required) else required


def _dotted(path: str) -> str:
    """`keras.layers.Dense` as the script has it, which imports `layers` by name."""
    return path.removeprefix("keras.") if path.startswith("keras.layers.") else path
