"""Asks the installed Keras for its public classes, and makes the catalogue's document of them.

keras_version
namespaces: layers, optimizers, ...
  classes: by the class' own name
    path       where Keras has it
    aliases    its other public names
    bases      the public classes it extends, nearest first
    refused    why no spec may use it
    first      what a layer's call is on; `call`: the other arguments of the call
    arguments  name, kind, `default` (none: required), `insists` (a Python type that Keras demands)
    operation  of a function: its class in a model's config; `called_on`: its call's arguments if not tensors
  identifiers  the words that Keras takes for a class without arguments
  picked_by_shape  those among them whose class depends on shapes
namespaces: cells: `members` of the namespace `of`
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

import keras

from mnistspec.catalogue import NAMESPACES
from mnistspec.catalogue.argument_kinds import insistence, kind_notation
from mnistspec.catalogue.collect_applications import applications
from mnistspec.catalogue.collect_functions import functions
from mnistspec.catalogue.refused import REFUSED

_MODULES: dict[str, ModuleType] = {
    name: keras.optimizers.schedules if name == "schedules" else getattr(keras, name)
    for name in NAMESPACES
    if name not in ("ops", "applications")
}
_WITH_WORDS = ("optimizers", "losses", "metrics", "initializers", "regularizers", "constraints", "activations")
_NO_ACTIVATIONS = {"deserialize", "get", "serialize"}
# Public functions that make an object of a class: the name is one more for the class.
_FUNCTION_FOR = {"layers.InputLayer": ["Input"]}
# The signature has a default that the constructor then refuses: to a spec the argument is required.
_REQUIRED = {"layers.CategoryEncoding.num_tokens"}
# Arguments that reach a base class through `**kwargs` and do nothing there.
_IDLE = {"factor", "score_mode"}
# Layers that Keras keeps inside its applications, which save, load and stand in models like all others.
_INSIDE_APPLICATIONS = {
    "layers": {
        "convnext": ("LayerScale", "StochasticDepth"),
        "inception_resnet_v2": ("CustomScaleLayer",),
    }
}
# Taken out of `**kwargs` by hand in the constructor, so that no signature shows them.
_UNSIGNED: dict[str, dict[str, Any]] = {
    **{f"layers.{name}": {"implementation": 2} for name in ("GRU", "GRUCell", "LSTM", "LSTMCell")},
    "layers.LayerNormalization": {"rms_scaling": False},
    **{f"layers.{name}": {"trainable": True, "dtype": None} for name in ("IntegerLookup", "StringLookup")},
}
# Words that `compile` turns into one of three classes when it has seen the shapes of labels and outputs.
_PICKED_BY_SHAPE = {
    "losses": dict.fromkeys(("ce", "crossentropy"), "SparseCategoricalCrossentropy"),
    "metrics": dict.fromkeys(("acc", "accuracy"), "SparseCategoricalAccuracy"),
}


def collect() -> dict[str, Any]:
    """The catalogue of the installed Keras, in the form that `catalogue.from_document` reads."""
    namespaces = {name: _namespace(name) for name in _MODULES}
    namespaces["ops"] = {"classes": functions(_plain)}
    namespaces["applications"] = {"classes": applications(_plain)}
    namespaces["cells"] = {"of": "layers", "members": _cells(namespaces["layers"]["classes"])}
    return {"keras_version": keras.__version__, "namespaces": namespaces}


def _namespace(namespace: str) -> dict[str, Any]:
    offered = _offered(namespace)
    classes = {_name(thing, names): _facts(namespace, thing, names) for thing, names in offered.items()}
    picked = _PICKED_BY_SHAPE.get(namespace, {})
    words = {**_identifiers(namespace, classes), **picked}
    body: dict[str, Any] = {"classes": dict(sorted(classes.items())), "identifiers": dict(sorted(words.items()))}
    return {**body, "picked_by_shape": sorted(picked)} if picked else body


def _offered(namespace: str) -> dict[Any, list[str]]:
    """The public classes of a namespace (functions for activations), each with all of its public names."""
    module = _MODULES[namespace]
    offered: dict[Any, list[str]] = {}
    for name in sorted(dir(module)):
        thing = getattr(module, name)
        wanted = inspect.isfunction(thing) if namespace == "activations" else inspect.isclass(thing)
        if wanted and not name.startswith("_") and name not in _NO_ACTIVATIONS:
            offered.setdefault(thing, []).append(name)
    return offered | _kept_inside(namespace, offered)


def _kept_inside(namespace: str, offered: Mapping[Any, list[str]]) -> dict[Any, list[str]]:
    """The layers inside applications, but for those whose name a public layer has."""
    taken = {name for names in offered.values() for name in names}
    kept = {
        getattr(import_module(f"keras.src.applications.{module}"), name): [name]
        for module, names in _INSIDE_APPLICATIONS.get(namespace, {}).items()
        for name in names
    }
    return {thing: names for thing, names in kept.items() if not taken & set(names)}


def _name(thing: Any, names: list[str]) -> str:
    return thing.__name__ if thing.__name__ in names else names[0]


def _facts(namespace: str, thing: Any, names: list[str]) -> dict[str, Any]:
    name = _name(thing, names)
    place = f"{namespace}.{name}"
    module = _MODULES[namespace]
    facts: dict[str, Any] = {"path": f"{module.__name__ if hasattr(module, name) else thing.__module__}.{name}"}
    aliases = [alias for alias in names if alias != name] + _FUNCTION_FOR.get(place, [])
    bases = _bases(namespace, thing)
    facts |= {key: value for key, value in (("aliases", aliases), ("bases", bases)) if value}
    if place in REFUSED:
        return {**facts, "refused": REFUSED[place], "arguments": []}
    if namespace == "layers":
        facts |= _call(thing)
    return {**facts, "arguments": list(_arguments(place, thing))}


def _bases(namespace: str, thing: Any) -> list[str]:
    """The public classes that a class extends, nearest first."""
    if not inspect.isclass(thing):
        return []
    offered = _offered(namespace)
    return [_name(base, offered[base]) for base in thing.__mro__[1:] if base in offered]


def _call(layer: Any) -> dict[str, Any]:
    """What a layer is called on and with. `training` every layer takes, and passes on to what it calls."""
    first, *others = _named(inspect.signature(layer.call).parameters, skip=1)
    return {"first": first, "call": others if "training" in others else [*others, "training"]}


def _named(parameters: Mapping[str, inspect.Parameter], skip: int) -> list[str]:
    """The names of parameters, without the first `skip` and without `*args` and `**kwargs`."""
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [name for name, parameter in list(parameters.items())[skip:] if parameter.kind not in variadic]


def _arguments(place: str, thing: Any) -> Iterator[dict[str, Any]]:
    """The arguments in the signature's order, those that `**kwargs` hands on to base classes after them."""
    namespace, class_name = place.split(".")
    for name, parameter in _parameters(place, thing).items():
        argument: dict[str, Any] = {"name": name, "kind": kind_notation(namespace, class_name, name)}
        if parameter.default is not parameter.empty and f"{place}.{name}" not in _REQUIRED:
            argument["default"] = _plain(parameter.default, f"{place}.{name}")
        if wanted := insistence(namespace, class_name, name):
            argument["insists"] = wanted
        yield argument


def _parameters(place: str, thing: Any) -> dict[str, inspect.Parameter]:
    if not inspect.isclass(thing):
        return dict(list(inspect.signature(thing).parameters.items())[1:])
    owners = [owner for owner in thing.__mro__[:-1] if "__init__" in vars(owner)]
    # Only layers hand `**kwargs` on to arguments of use; elsewhere it swallows what older versions took.
    found = _handed_on(owners if place.startswith("layers.") else owners[:1])
    unsigned = _UNSIGNED.get(place, {})
    return found | {
        name: inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)
        for name, default in unsigned.items()
    }


def _handed_on(owners: list[Any]) -> dict[str, inspect.Parameter]:
    """What the first owner's constructor takes, with what its `**kwargs` carries to the next."""
    if not owners:
        return {}
    signature = inspect.signature(owners[0].__init__).parameters
    own = {name: signature[name] for name in _named(signature, skip=1)}
    fixed = _fixed_above(owners[0])
    if fixed is None or len(owners) == 1:
        return own
    positional, keywords = fixed
    above = dict(list(_handed_on(owners[1:]).items())[positional:])
    return own | {name: above[name] for name in above if name not in {*own, *keywords, *_IDLE}}


def _fixed_above(owner: Any) -> tuple[int, set[str]] | None:
    """What a constructor itself passes to `super().__init__`, by count and by name; None if `**kwargs` stay behind."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(owner.__init__)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__":
            names = {keyword.arg for keyword in node.keywords}
            return (len(node.args), {name for name in names if name}) if None in names else None
    return None


def _plain(value: Any, where: str) -> Any:
    """A default as plain data, tuples as lists. Raises: TypeError for one that is anything else."""
    if isinstance(value, tuple | list):
        return [_plain(item, where) for item in value]
    if value is None or type(value) in (bool, int, float, str):
        return value
    raise TypeError(f"the default of {where} is no plain data: {value!r}")


def _identifiers(namespace: str, classes: Mapping[str, Any]) -> dict[str, str]:
    """The words, besides names of classes, for which Keras' own `get` makes an object without arguments."""
    if namespace not in _WITH_WORDS:
        return {}
    taken = {name for known, facts in classes.items() for name in (known, *facts.get("aliases", ()))}
    ready = {name for name, facts in classes.items() if "refused" not in facts and not _required(facts)}
    # Keras has no public list of these words.
    words: Mapping[str, Any] = import_module(f"keras.src.{namespace}").ALL_OBJECTS_DICT
    wrapped = _wrapped_functions(ready) if namespace == "losses" else {}
    meant = {word: wrapped.get(thing, thing.__name__) for word, thing in words.items() if word not in taken}
    return {word: name for word, name in meant.items() if name in ready}


def _required(facts: Mapping[str, Any]) -> bool:
    return any("default" not in argument for argument in facts["arguments"])


def _wrapped_functions(losses: Iterable[str]) -> dict[Any, str]:
    """The class of each loss function, `mean_squared_error` to `MeanSquaredError`: the words mean the functions."""
    return {getattr(keras.losses, name)().fn: name for name in losses}


def _cells(layers: Mapping[str, Any]) -> list[str]:
    """The layers that `RNN` can run step by step: those whose call takes the states of the step before."""
    return [name for name, facts in layers.items() if "states" in facts.get("call", ())]
