"""Configs that say more than their class takes: what the class would work out again is taken back out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mnistspec.catalogue import ClassFacts
from mnistspec.graph import snake_case


def rewritten(facts: ClassFacts, entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """The config of a serialized object as arguments that the constructor takes."""
    config: Mapping[str, Any] = entry["config"]
    if facts.namespace == "optimizers":
        return _without_drawn_name(facts, config)
    if facts.name == "Bidirectional":
        return _bidirectional(config)
    if facts.name == "MultiHeadAttention":
        return _attention(config, entry.get("build_config"))
    if facts.name == "Discretization" and config.get("bin_boundaries") is not None:
        # Once adapted it says both, and takes one of them.
        return _less(config, "num_bins")
    return config


def _less(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in config.items() if key != name}


def _without_drawn_name(facts: ClassFacts, config: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keras numbers the optimizers of a process: `adam_2` names the third, not this one."""
    drawn = re.fullmatch(rf"{snake_case(facts.name)}(_[0-9]+)?", str(config.get("name")))
    return _less(config, "name") if drawn else config


def _attention(config: Mapping[str, Any], built: Any) -> Mapping[str, Any]:
    """Without the axes that a call has filled in: all between the batch and the features."""
    query = ((built or {}).get("shapes_dict") or {}).get("query_shape") or ()
    filled_in = tuple(config["attention_axes"] or ()) == tuple(range(1, len(query) - 1))
    return _less(config, "attention_axes") if filled_in else config


def _bidirectional(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The layer as it was given, and the backward one only where it is not made from that."""
    forward, backward = _unforced(config["layer"]), _unforced(config.get("backward_layer"))
    given = str(forward["config"]["name"])
    for name in (given.removeprefix("forward_"), given):
        if backward == _reversed(forward, name):
            return {**_less(config, "backward_layer"), "layer": _named(forward, name)}
    return {**config, "layer": forward, "backward_layer": backward}


def _unforced(entry: Any) -> Any:
    """A layer without what Bidirectional sets by itself."""
    if entry is None or "zero_output_for_mask" not in entry["config"]:
        return entry
    return {**entry, "config": _less(entry["config"], "zero_output_for_mask")}


def _named(entry: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {**entry, "config": {**entry["config"], "name": name}}


def _reversed(forward: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The backward layer that Keras makes of a layer of that name."""
    turned = _named(forward, f"backward_{name.removeprefix('backward_')}")
    return {**turned, "config": {**turned["config"], "go_backwards": True}}
