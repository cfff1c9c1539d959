"""A Keras model in memory as a spec: its config, with what Keras' own config leaves out."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import keras
import numpy as np

from mnistspec.diagnostics import UsageError, first_line
from mnistspec.importers.document import spec_text
from mnistspec.importers.learnt import ADAPTABLE, learnt_arguments
from mnistspec.importers.lost import lost_arguments, lost_settings
from mnistspec.importers.masks import without_masks
from mnistspec.importers.nested import facts_of_nested, holds_model
from mnistspec.importers.objects import Unsayable, about, refuse_function
from mnistspec.importers.passed_masks import passed_by_keras
from mnistspec.importers.scalar_dtypes import with_scalar_dtypes


def from_keras(model: keras.Model, *, name: str | None = None, compile: bool = True, flat: bool = False) -> str:
    """The shortest spec that builds exactly this model, weights aside, as YAML text.

    `name` replaces the model's own; `compile` says whether the settings it was compiled with are wanted; `flat`, that
    every layer has an entry of its own.

    Raises: UsageError, naming the layer and the reason, for a model that the language cannot say.
    """
    if not isinstance(model, keras.Model):
        raise UsageError(f"a spec is made from a Keras model, not from {type(model).__name__!r}")
    return spec_text(completed_config(model, compile=compile), name=name, flat=flat)


def completed_config(model: keras.Model, *, compile: bool = True) -> dict[str, Any]:
    """The model's config in the form of `model.to_json()`, completed from the model in memory.

    Added are values that layers learnt from data, arguments that Keras does not note, and the dtype policy; taken out
    are masks that Keras passes on by itself.

    Raises: UsageError for a model that has no config, and for what no config shows: shared weights, functions of one's
    own under the name of one of Keras'.
    """
    config = _own_config(model)
    if config["class_name"] not in ("Functional", "Sequential"):
        return {**config, "config": {"name": model.name, **config["config"]}}
    _check_layers(model)
    body = {**config["config"], "layers": _completed_layers(config, model), "dtype": model.dtype_policy.name}
    completed = {**config, "config": body, "compile_config": None}
    if compile and config.get("compile_config"):
        with about("compile"):
            completed["compile_config"] = lost_settings(model, config["compile_config"])
    return _without_passed_masks(completed, model)


def _without_passed_masks(config: dict[str, Any], model: keras.Model) -> dict[str, Any]:
    """A model's config without the masks in its own graph that Keras passes on by itself."""
    bare: dict[str, Any] = without_masks(config)
    return without_masks(config, passed_by_keras(model)) if bare != config else config


def _own_config(model: keras.Model) -> dict[str, Any]:
    """What Keras says of the model. Its warnings are about code in the model, which is refused in what follows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            config = keras.saving.serialize_keras_object(model)
            plain: dict[str, Any] = json.loads(json.dumps(config, default=_number))
        except (NotImplementedError, TypeError, ValueError) as error:
            raise UsageError(f"Keras has no config of `{model.name}`: {first_line(error)}") from error
    return plain


def _number(value: Any) -> Any:
    """A number of NumPy as one of Python. Raises: TypeError for anything else."""
    if not isinstance(value, np.generic):
        raise TypeError(f"it holds {value!r}, which is no plain data")
    return value.item()


def _name(entry: Mapping[str, Any]) -> Any:
    """The name of a layer or an operation: not every operation's config has it."""
    return entry.get("name", entry["config"].get("name"))


def _completed_layers(config: Mapping[str, Any], model: keras.Model) -> list[Mapping[str, Any]]:
    by_name = {operation.name: operation for operation in getattr(model, "operations", model.layers)}
    return [_completed(entry, by_name.get(_name(entry))) for entry in config["config"]["layers"]]


def _completed(entry: Mapping[str, Any], layer: Any) -> Mapping[str, Any]:
    if isinstance(layer, keras.Model) and facts_of_nested(entry) is not None:
        own = {"layers": _completed_layers(entry, layer), "dtype": _policy_of(layer, entry)}
        completed = {**entry, "config": {**entry["config"], **own}}
        return _without_passed_masks(completed, layer)
    if layer is None or isinstance(layer, keras.Model):
        return entry
    if holds_model(entry):
        entry = {**entry, "config": {**entry["config"], "layer": _completed(entry["config"]["layer"], layer.layer)}}
    if not isinstance(layer, keras.Layer):
        return with_scalar_dtypes(entry, layer)
    with about(layer.name):
        added = {**lost_arguments(layer), **learnt_arguments(layer)}
    return {**entry, "config": {**entry["config"], **added}}


def _policy_of(model: Any, entry: Mapping[str, Any]) -> Any:
    """The dtype policy of a nested model, which the config of a functional one does not have."""
    return entry["config"].get("dtype", getattr(model.dtype_policy, "name", None))


def _check_layers(model: keras.Model) -> None:
    owners: dict[int, str] = {}
    _check_once(model)
    for layer in model.layers:
        with about(layer.name):
            for weight in layer.weights:
                if owners.setdefault(id(weight), layer.name) != layer.name:
                    raise Unsayable(f"it shares weights with `{owners[id(weight)]}`, and is no other call of it")
            for part in _parts(layer):
                _check_part(part, layer)


def _check_once(model: keras.Model) -> None:
    """Raises: UsageError for a layer that stands twice in a list of layers, which no config shows."""
    for part in _parts(model):
        listed = part._layers if isinstance(part, keras.Sequential) else ()
        for place, layer in enumerate(listed):
            if any(layer is other for other in listed[:place]):
                with about(layer.name):
                    raise Unsayable(
                        f"it stands twice in `{part.name}`, and only a functional model calls a layer again"
                    )


def _parts(layer: Any) -> Iterator[Any]:
    """A layer and all layers inside it."""
    yield from layer._flatten_layers()


def _innermost(layer: Any) -> Any:
    """What is inside the layers that call another at each step."""
    return _innermost(layer.layer) if isinstance(layer, keras.layers.TimeDistributed) else layer


def _check_part(part: Any, layer: Any) -> None:
    for value in vars(part).values():
        refuse_function(value)
    if part is not layer and part.trainable_weights and not layer.trainable:
        raise Unsayable(f"it is frozen while `{part.name}` inside it trains; a spec freezes both or none")
    sayable = isinstance(layer, ADAPTABLE) or isinstance(_innermost(layer), keras.Model)
    if part is not layer and not sayable and learnt_arguments(part):
        raise Unsayable(f"`{part.name}` inside it learnt from data, and only the model's own layers can be told so")
