"""A model inside a model: the entry of `layers` that nests it, or a layer around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnistspec.catalogue import ClassFacts
from mnistspec.entries.nesting import FACTS


def facts_of_nested(entry: Mapping[str, Any]) -> ClassFacts | None:
    """What the language knows of a nested model as a layer; None for a layer that is none."""
    is_keras = str(entry.get("module")).startswith("keras") and entry.get("registered_name") in (None, _name(entry))
    return FACTS.get(_name(entry)) if is_keras else None


def holds_model(entry: Mapping[str, Any]) -> bool:
    """Whether a layer is a nested model, or has one inside it where a spec can say so."""
    inner = entry["config"].get("layer")
    around = entry["class_name"] == "TimeDistributed" and isinstance(inner, Mapping)
    return facts_of_nested(entry) is not None or (around and holds_model(inner))


def _name(entry: Mapping[str, Any]) -> str:
    return str(entry["class_name"])


def nested_arguments(config: Mapping[str, Any], body: Mapping[str, Any], policies: tuple[str, str]) -> dict[str, Any]:
    """The keys of the entry: the content of the nested model, that it is frozen where it is, and its dtype policy.

    `policies` are that around it and its own.
    """
    around, own = policies
    frozen = {"trainable": False} if config.get("trainable") is False else {}
    policy = {"dtype": own} if own != around else {}
    return {**frozen, **policy, **{name: value for name, value in body.items() if name != "kind"}}
