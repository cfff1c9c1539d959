"""Keras' serialized objects as the language writes them: the class' name, or a map of one key with its arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from types import FunctionType
from typing import Any

from mnistspec.catalogue import ClassFacts, load
from mnistspec.catalogue.kinds import Code
from mnistspec.diagnostics import UsageError
from mnistspec.importers.rewriting import rewritten
from mnistspec.usual import is_usual, short_form
from mnistspec.values.scalars import options_of

_MODELS = ("Sequential", "Functional", "Model")
_NOT_THERE = "and a spec has one as a layer of its own or inside `TimeDistributed`"
# Whose functions a word may stand for.
_WORDED = ("activations", "losses", "metrics")
# Where functions come from that a word may stand for: Keras, and what it runs on.
_KNOWN_ORIGINS = frozenset(["keras", "tensorflow", "jax", "torch"])
# Said by a config and by no spec, since Keras works them out anew.
_BESIDES = frozenset(["vocabulary_size"])
# Arguments of older versions, no trouble while they are off.
OFF = (("rms_scaling", False),)


class Unsayable(Exception):
    """Something that a spec cannot hold; its text is the reason, without the place."""


@contextmanager
def about(name: str) -> Iterator[None]:
    """Turns a reason met inside into a sentence about the layer or part of that name. Raises: UsageError."""
    try:
        yield
    except Unsayable as reason:
        raise UsageError(f"`{name}` cannot be written as a spec: {reason}") from reason


def is_operation(entry: Mapping[str, Any]) -> bool:
    """Whether a node of a graph is a function of keras.ops and no layer."""
    return str(entry.get("module")).startswith("keras.src.ops.")


def facts_of(entry: Mapping[str, Any]) -> ClassFacts:
    """The catalogue's class of a serialized object. Raises: Unsayable for one that a spec may not name."""
    class_name = entry["class_name"]
    facts = _by_path().get(f"{entry.get('module')}.{class_name}")
    if facts is None or entry.get("registered_name") not in (None, class_name):
        raise Unsayable(_why_foreign(entry))
    if facts.refused:
        raise Unsayable(f"it is a `{class_name}`: {facts.refused}")
    return facts


@cache
def _by_path() -> Mapping[str, ClassFacts]:
    spaces = [space for name, space in load().namespaces.items() if name not in ("activations", "cells")]
    return {facts.path: facts for space in spaces for facts in space.classes.values()}


def _why_foreign(entry: Mapping[str, Any]) -> str:
    class_name, module = entry["class_name"], entry.get("module")
    if class_name in _MODELS and str(module).startswith("keras"):
        return f"it has a model inside it, {_NOT_THERE}"
    origin = f"`{module}`" if module else "Python code outside of Keras"
    return f"it is a `{class_name}` of {origin}, and a spec names what Keras itself offers"


def plain_value(value: Any, policy: str) -> Any:
    """A value of a config as the language writes it; `policy` is the dtype policy that goes without saying.

    Raises: Unsayable.
    """
    if isinstance(value, Mapping):
        if "class_name" in value:
            return _object(value, policy)
        return {name: plain_value(inner, policy) for name, inner in value.items()}
    return [plain_value(item, policy) for item in value] if isinstance(value, list | tuple) else value


def _object(entry: Mapping[str, Any], policy: str) -> Any:
    class_name = entry["class_name"]
    if class_name == "function":
        return _word(entry["config"])
    if class_name in ("__numpy__", "__tensor__"):
        return entry["config"]["value"]
    if class_name == "__lambda__":
        raise Unsayable("it holds a lambda, which is Python code, and a spec is data")
    facts = facts_of(entry)
    arguments = arguments_of(facts, entry, policy)
    return {facts.name: arguments} if arguments else facts.name


def _word(name: str) -> str:
    if any(load()[namespace].find(name) is not None for namespace in _WORDED):
        return name
    raise Unsayable(f"it holds the Python function `{name}`, and a spec is data")


def refuse_function(value: Any) -> None:
    """Raises: Unsayable for a Python function of one's own, under whatever name."""
    if isinstance(value, FunctionType) and str(value.__module__).split(".")[0] not in _KNOWN_ORIGINS:
        raise Unsayable(f"it holds the Python function `{value.__name__}`, and a spec is data")


def arguments_of(facts: ClassFacts, entry: Mapping[str, Any], policy: str) -> dict[str, Any]:
    """The arguments that make this serialized object, without those that go without saying. Raises: Unsayable."""
    given = rewritten(facts, entry)
    for name, value in given.items():
        if name not in facts.arguments and name not in _BESIDES and (name, value) not in OFF:
            raise Unsayable(f"`{facts.name}` has no argument `{name}`, which its config sets to {value!r}")
    known = {name: _argument(facts, name, given[name], policy) for name in facts.arguments if name in given}
    return {name: value for name, value in known.items() if not is_usual(facts, facts.arguments[name], known, policy)}


def _argument(facts: ClassFacts, name: str, value: Any, policy: str) -> Any:
    if name == "dtype":
        return policy_name(value)
    argument = facts.arguments[name]
    if name == "quantization_config" and value is not None:
        raise Unsayable("it has been quantized, and a spec has layers as they are before that")
    if value is not None and isinstance(options_of(argument.kind)[0], Code):
        raise Unsayable(f"its `{name}` is something that only Python can say")
    return short_form(facts.name, argument, plain_value(value, policy))


def policy_name(value: Any) -> str | None:
    """The name of a serialized dtype policy, or of a dtype. Raises: Unsayable for a policy that has no name."""
    if not isinstance(value, Mapping):
        return value if value is None else str(value)
    config = value["config"]
    if value["class_name"] in ("DTypePolicy", "FloatDTypePolicy"):
        return str(config["name"])
    if value["class_name"] in ("QuantizedDTypePolicy", "QuantizedFloat8DTypePolicy"):
        return f"{config['mode']}_from_{config['source_name']}"
    raise Unsayable(f"its dtype policy is a `{value['class_name']}`, which has no name to write")
