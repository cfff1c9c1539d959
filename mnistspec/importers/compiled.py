"""The settings that a model was compiled with, as the section `compile`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mnistspec.catalogue import load
from mnistspec.graph import snake_case
from mnistspec.importers.objects import Unsayable, plain_value
from mnistspec.language import COMPILE
from mnistspec.spec import BY_OUTPUT
from mnistspec.structures import Structure, has_lists

# What Keras takes where nothing is said, and what it notes once `auto` has come to something on a processor.
_USUAL = {"optimizer": "RMSprop", "run_eagerly": False, "steps_per_execution": 1, "jit_compile": False,
          "auto_scale_loss": True, "precision": "float32"}  # fmt: skip


def compile_section(
    config: Mapping[str, Any], outputs: Sequence[str], policy: str, structure: Structure = None
) -> dict[str, Any]:
    """The section, with what differs from the defaults; `structure` is that of the `outputs`. Raises: Unsayable."""
    unknown = next((name for name in config if name not in COMPILE.fields), None)
    if unknown is not None:
        raise Unsayable(f"the model was compiled with `{unknown}`, which the language does not have")
    missing = [what for what in ("optimizer", "loss") if config.get(what) is None]
    if missing:
        way_out = "leave the settings out, with `compile=False` or --no-compile"
        raise Unsayable(f"the model was compiled without {' or '.join(missing)}; {way_out}")
    said = {name: plain_value(value, "float32") for name, value in config.items()}
    if isinstance(structure, Mapping) and has_lists(structure):
        said |= {name: _by_name(structure, said.get(name), outputs) for name in BY_OUTPUT}
    said["precision"] = policy
    metrics = {name: said[name] for name in ("metrics", "weighted_metrics") if name in said}
    said |= _without_counted_names(metrics, list(_classes(metrics)))
    return {name: said[name] for name in COMPILE.fields if said.get(name) not in (None, _USUAL.get(name))}


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


def _by_name(structure: Structure, value: Any, outputs: Sequence[str]) -> Any:
    """A setting by the structure of the outputs, where that is a map with lists in it, by the outputs' names."""
    if not isinstance(value, Mapping) or not value.keys() <= structure.keys():
        return value
    return dict(zip(outputs, _taken_apart(structure, value), strict=True))


def _taken_apart(structure: Structure, value: Any) -> Iterator[Any]:
    """What a setting says of each leaf of a structure. Raises: Unsayable."""
    if isinstance(structure, Mapping):
        given = {} if value is None else value
        if not isinstance(given, Mapping) or not given.keys() <= structure.keys():
            raise Unsayable("a setting says nothing of each of the outputs that stand in one map")
        for key in sorted(structure):
            yield from _taken_apart(structure[key], given.get(key))
    elif isinstance(structure, list | tuple):
        if not isinstance(value, list) or len(value) != len(structure):
            raise Unsayable("a setting says nothing of each of the outputs that stand in one list")
        for inner, one in zip(structure, value, strict=True):
            yield from _taken_apart(inner, one)
    else:
        yield value
