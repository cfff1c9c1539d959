"""The settings that a model was compiled with, as the section `compile`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mnistspec.catalogue import load
from mnistspec.graph import snake_case
from mnistspec.importers.objects import Unsayable, plain_value
from mnistspec.language import COMPILE

# What Keras takes where nothing is said, and what it notes once `auto` has come to something on a processor.
_USUAL = {"optimizer": "RMSprop", "run_eagerly": False, "steps_per_execution": 1, "jit_compile": False,
          "auto_scale_loss": True, "precision": "float32"}  # fmt: skip


def compile_section(config: Mapping[str, Any], outputs: Sequence[str], policy: str) -> dict[str, Any]:
    """The section, with what differs from the defaults. Raises: Unsayable."""
    unknown = next((name for name in config if name not in COMPILE.fields), None)
    if unknown is not None:
        raise Unsayable(f"the model was compiled with `{unknown}`, which the language does not have")
    missing = [what for what in ("optimizer", "loss") if config.get(what) is None]
    if missing:
        way_out = "leave the settings out, with `compile=False` or --no-compile"
        raise Unsayable(f"the model was compiled without {' or '.join(missing)}; {way_out}")
    said = {name: _setting(name, value, outputs) for name, value in config.items()}
    said["precision"] = policy
    metrics = {name: said[name] for name in ("metrics", "weighted_metrics") if name in said}
    said |= _without_counted_names(metrics, list(_classes(metrics)))
    return {name: said[name] for name in COMPILE.fields if said.get(name) not in (None, [], {}, _USUAL.get(name))}


def _without_counted_names(value: Any, classes: Sequence[str]) -> Any:
    """Metrics without the name that Keras gives the only one of its class; `classes` are those of all of them."""
    if isinstance(value, list):
        return [_without_counted_names(item, classes) for item in value]
    if not isinstance(value, dict):
        return value
    known = _object(value)
    if known is None:
        return {name: _without_counted_names(inner, classes) for name, inner in value.items()}
    named = load()["metrics"].classes[known].arguments.get("name")
    if named is None or named.default is not None or classes.count(known) > 1:
        return value
    own = {key: one for key, one in value[known].items() if key != "name" or one != snake_case(known)}
    return {known: own} if own else known


def _classes(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else ():
        yield from _classes(item)
    if isinstance(value, dict):
        known = _object(value)
        yield from [known] if known is not None else [name for inner in value.values() for name in _classes(inner)]


def _object(value: Mapping[str, Any]) -> str | None:
    """The class of a metric with arguments; None for a map by output."""
    name = next(iter(value), "") if len(value) == 1 else ""
    return name if name in load()["metrics"].classes and isinstance(value[name], dict) else None


def _setting(name: str, value: Any, outputs: Sequence[str]) -> Any:
    if name == "loss":
        return _one_each(plain_value(value, "float32"), outputs)
    if name == "loss_weights":
        return _weights(value, outputs)
    if name in ("metrics", "weighted_metrics"):
        return _several_each(plain_value(value, "float32"), outputs)
    return plain_value(value, "float32")


def _one_each(value: Any, outputs: Sequence[str]) -> Any:
    """One loss, or a map of them by output; Keras also takes a list in the order of the outputs."""
    if not isinstance(value, list):
        return value
    return value[0] if len(value) == len(outputs) == 1 else _by_name(value, outputs)


def _weights(value: Any, outputs: Sequence[str]) -> Any:
    """A weight for each output; one that Keras is told nothing of counts as it is."""
    if value is None:
        return None
    listed = value if isinstance(value, list | tuple) else [value]
    named = value if isinstance(value, Mapping) else _by_name(listed, outputs)
    return {name: 1.0 if weight is None else weight for name, weight in named.items()}


def _several_each(value: Any, outputs: Sequence[str]) -> Any:
    """A list of metrics, or a map of metrics or lists of them by output, without outputs that have none."""
    if isinstance(value, list) and len(outputs) > 1:
        value = _by_name(value, outputs)
    if isinstance(value, dict):
        return {name: item for name, item in value.items() if item not in (None, [])}
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        return value[0]
    return value


def _by_name(values: Sequence[Any], outputs: Sequence[str]) -> dict[str, Any]:
    if len(values) != len(outputs) or len(set(outputs)) != len(outputs):
        raise Unsayable("a list has not one item for each output, or the outputs have no names of their own")
    return dict(zip(outputs, values, strict=True))
