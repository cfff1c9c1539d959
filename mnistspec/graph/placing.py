"""What `from` gives to a layer's call by place (`0`, `1`), where Keras is to get it without its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from mnistspec.calls import Call
from mnistspec.spec import LayerSpec, Reference

_Report = Callable[..., None]


def named_and_placed(report: _Report, layer: LayerSpec) -> tuple[LayerSpec, tuple[str, ...]]:
    """The entry with names in place of numbers in `from`, and the arguments given by place, in order.

    These begin with the first and go on to the last that is given so; Keras gets `None` for one that is given nothing.
    """
    given = layer.from_
    if layer.call is None or layer.model is not None or layer.call.facts.tensors or not isinstance(given, Mapping):
        return layer, ()
    names = {key: _name(layer.call, key) for key in given}
    if len(set(names.values())) < len(names):
        _report_twice(report, layer, names)
        return replace(layer, call=None), ()
    last = max((int(key) for key in given if is_place(key)), default=-1)
    return (
        replace(
            layer,
            from_={names[key]: value for key, value in given.items()},
            from_spans={names.get(key, key): span for key, span in layer.from_spans.items()},
        ),
        tuple(_name(layer.call, str(place)) for place in range(last + 1)),
    )


def is_place(key: str) -> bool:
    """Whether a key of `from` is the place of an argument rather than its name."""
    return re.fullmatch(r"[0-9]|[1-9][0-9]", key) is not None


def _name(call: Call, key: str) -> str:
    """The argument's name; the number itself where the call has no such argument, or nobody knows its name."""
    known = (call.facts.first_argument, *call.facts.call_arguments)
    return known[int(key)] if is_place(key) and int(key) < len(known) else key


def _report_twice(report: _Report, layer: LayerSpec, names: Mapping[str, str]) -> None:
    by_name = {name: key for key, name in names.items() if not is_place(key)}
    for key, name in names.items():
        if is_place(key) and name in by_name:
            span = layer.from_spans.get(key, layer.span)
            report("E408", f"`{key}` and `{name}` are one argument of the call", span, "keep one of them")


def call_takes(known: Sequence[str], given: Mapping[str, object]) -> str:
    """The arguments of a call; where none of several is meant by its name, that tensors of one argument are a list."""
    takes = f"it has {', '.join(f'`{name}`' for name in known)}"
    if len(given) > 1 and not set(given) & set(known):
        listed = (value.text if is_place(key) and isinstance(value, Reference) else key for key, value in given.items())
        return f"{takes}; several tensors are given as a list, as in `from: [{', '.join(listed)}]`"
    return takes
