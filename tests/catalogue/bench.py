"""A bench on which the tests of the catalogue make objects of Keras from its entries."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from mnistspec.catalogue import Argument, ClassFacts, load
from mnistspec.catalogue.kinds import Either, Kind, Object

# A value for each argument that has no default, by its name.
_VALUES: dict[str, Any] = {
    "init_values": 0.1, "projection_dim": 2, "drop_path_rate": 0.1,
    "activation": "relu", "axes": 1, "boundaries": (1, 2), "decay_rate": 0.5, "decay_steps": 10, "default_value": 0.0,
    "dims": (2, 1), "equation": "ab,bc->ac", "factor": 0.5, "filters": 4, "first_decay_steps": 10, "head_dim": 2,
    "height": 8, "height_factor": 0.2, "initial_learning_rate": 0.1, "input_dim": 5, "kernel_size": 3, "key_dim": 2,
    "max_number": 3, "n": 2, "num_bins": 4, "num_classes": 3, "num_heads": 2, "num_key_value_heads": 2,
    "num_query_heads": 2, "num_tokens": 4, "output_dim": 3, "output_shape": 4, "output_size": 2, "pool_size": 2,
    "precision": 0.5, "rate": 0.5, "recall": 0.5, "scale": 0.5, "sensitivity": 0.5, "specificity": 0.5, "stddev": 0.1,
    "target_class_ids": (0,), "target_shape": (2, -1), "threshold": 0.5, "units": 3, "values": (0.1, 0.2, 0.3),
    "width": 8, "width_factor": 0.2,
}  # fmt: skip
_TESTED_ELSEWHERE = ("ops", "applications")
_OPTIONAL_PACKAGES = ("scipy", "orbax-checkpoint")


def places() -> list[str]:
    """Every class that a spec may use, as `layers.Dense`; functions and whole models are tested with their rules."""
    return [
        f"{namespace.name}.{name}"
        for namespace in load().namespaces.values()
        for name, facts in namespace.classes.items()
        if name == facts.name and namespace.name == facts.namespace not in _TESTED_ELSEWHERE and not facts.refused
    ]


def facts_of(place: str) -> ClassFacts:
    namespace, name = place.split(".")
    return load()[namespace].classes[name]


def options(kind: Kind) -> tuple[Kind, ...]:
    return kind.options if isinstance(kind, Either) else (kind,)


class Bench:
    """Makes objects of Keras as a builder does: lists as tuples but where Keras insists, words as objects."""

    def __init__(self, folder: Path) -> None:
        import keras

        self.keras = keras
        self.folder = folder

    def thing(self, facts: ClassFacts) -> Any:
        """What the path of a class names."""
        return reduce(getattr, facts.path.split(".")[1:], self.keras)

    def make(self, facts: ClassFacts, given: Mapping[str, Any]) -> Any:
        """The object with the arguments given, and with an example of each other that has no default."""
        arguments = {**self.needs(facts), **given}
        try:
            return self.thing(facts)(**{name: self.insisted(facts, name, value) for name, value in arguments.items()})
        except ImportError as error:
            if any(package in str(error) for package in _OPTIONAL_PACKAGES):
                pytest.skip(str(error).split(".")[0])
            raise

    def needs(self, facts: ClassFacts) -> dict[str, Any]:
        special = self.special(facts)
        if special is not None:
            return special
        return {argument.name: _VALUES[argument.name] for argument in facts.arguments.values() if argument.required}

    def special(self, facts: ClassFacts) -> dict[str, Any] | None:
        """What the classes need that hold other objects, or files, or that need an argument despite its default."""
        layers, folder = self.keras.layers, self.folder
        match f"{facts.namespace}.{facts.name}":
            case "layers.Bidirectional":
                return {"layer": layers.LSTM(2)}
            case "layers.TimeDistributed" | "layers.SpectralNormalization":
                return {"layer": layers.Dense(2)}
            case "layers.RNN":
                return {"cell": layers.LSTMCell(2)}
            case "layers.StackedRNNCells":
                return {"cells": (layers.LSTMCell(2), layers.GRUCell(2))}
            case "layers.Pipeline":
                return {"layers": (layers.Rescaling(2.0),)}
            case "layers.Discretization":
                return {"num_bins": 4}
            case "layers.RandomPosterization":
                return {"factor": 4}
            case "optimizers.LossScaleOptimizer":
                return {"inner_optimizer": self.keras.optimizers.SGD()}
            case "callbacks.ModelCheckpoint":
                return {"filepath": str(folder / "model.keras")}
            case "callbacks.BackupAndRestore":
                return {"backup_dir": str(folder / "backup")}
            case "callbacks.OrbaxCheckpoint":
                return {"directory": str(folder / "orbax")}
            case "callbacks.CSVLogger":
                return {"filename": str(folder / "log.csv")}
        return None

    def insisted(self, facts: ClassFacts, name: str, value: Any) -> Any:
        argument = facts.arguments.get(name)
        if argument is None:
            return value
        if argument.insists == "list" and isinstance(value, tuple):
            return list(value)
        return float(value) if argument.insists == "float" and isinstance(value, int) else value

    def default(self, argument: Argument) -> Any:
        """The default as a builder passes it: a word of a namespace as the object that the word means."""
        namespaces = [kind.namespace for kind in options(argument.kind) if isinstance(kind, Object)]
        if isinstance(argument.default, str) and namespaces:
            return self.ready(namespaces[0], argument.default)
        return as_tuples(argument.default)

    def ready(self, namespace: str, word: str) -> Any:
        """An object without arguments; an activation is its function."""
        facts = load()[namespace].find(word)
        assert facts is not None, f"{namespace} has no {word}"
        return self.thing(facts) if namespace == "activations" else self.make(facts, {})


def as_tuples(value: Any) -> Any:
    return tuple(as_tuples(item) for item in value) if isinstance(value, list) else value
