"""Layers that are called several times: a node for each call, named, and calls in an order that can be made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mnistspec.catalogue import ClassFacts
from mnistspec.frozen import dataclass
from mnistspec.importers.calls import LayerCall, Output, of_node
from mnistspec.importers.entries import Layer
from mnistspec.importers.objects import Unsayable, about

# A call: the layer, and which of its calls, counted from 0.
CallKey = tuple[str, int]


@dataclass(frozen=True)
class Called:
    """A layer or an operation of the model: its name, its class, the arguments to write, and all of its calls."""

    name: str
    facts: ClassFacts
    arguments: dict[str, Any]
    calls: tuple[LayerCall, ...]
    is_escaped: bool = False


def nodes(
    called: Sequence[Called], inputs: Sequence[str], outputs: Sequence[Output]
) -> tuple[list[Layer], list[Output]]:
    """A node for each call, in an order in which they can be made, and the outputs by node. Raises: UsageError."""
    names, by_name = _node_names(called, inputs), {one.name: one for one in called}
    read = {(output.node, output.call) for output in outputs}
    layers = [_node(by_name[name], number, names, (name, number) in read) for name, number in in_order(called, outputs)]
    return layers, [of_node(output, names) for output in outputs]


def _node(one: Called, number: int, names: Mapping[CallKey, str], output: bool) -> Layer:
    with about(one.name):
        call = one.calls[number].renamed(names)
    shares = one.name if number else None
    arguments = {} if number else one.arguments
    return Layer(names[one.name, number], one.facts, arguments, call, shares, output, one.is_escaped and not number)


def _node_names(called: Sequence[Called], inputs: Iterable[str]) -> dict[CallKey, str]:
    """The node that stands for each call: the layer's name for the first, `encoder_1` and so on for the others."""
    names: dict[CallKey, str] = {(name, 0): name for name in inputs}
    names |= {(one.name, 0): one.name for one in called}
    taken = set(names.values())
    for one in called:
        count = 0
        for call in range(1, len(one.calls)):
            name, count = _untaken(one.name, count, taken)
            names[one.name, call] = name
            taken.add(name)
    return names


def _untaken(stem: str, count: int, taken: set[str]) -> tuple[str, int]:
    count += 1
    while f"{stem}_{count}" in taken:
        count += 1
    return f"{stem}_{count}", count


def in_order(called: Sequence[Called], outputs: Sequence[Output]) -> Iterator[CallKey]:
    """Every call, right after what it alone needs: one branch after the other, as people write them.

    Keras lists layers by their distance from the outputs, whatever the order in which they were made.
    Raises: UsageError for calls in a circle.
    """
    calls = {(one.name, number): call for one in called for number, call in enumerate(one.calls)}
    done: set[CallKey] = set()
    ends = {_key(output) for output in outputs}
    for key in (*(key for key in calls if key in ends), *calls):
        yield from _before(key, calls, done)


def _before(last: CallKey, calls: Mapping[CallKey, LayerCall], done: set[CallKey]) -> Iterator[CallKey]:
    """A call after all calls that it needs and that are not `done`."""
    open_ = [last]
    entered: set[CallKey] = set()
    while open_:
        key = open_[-1]
        missing = [other for other in _needs(key, calls) if other not in done]
        if key in done or not missing:
            open_.pop()
            if key not in done:
                done.add(key)
                yield key
            continue
        if key in entered:
            with about(key[0]):
                raise Unsayable("it is called on what comes of itself")
        entered.add(key)
        open_.extend(reversed(missing))


def _needs(key: CallKey, calls: Mapping[CallKey, LayerCall]) -> list[CallKey]:
    """The call of the same layer before, and the sources."""
    name, number = key
    earlier = [(name, number - 1)] if number else []
    return [*earlier, *((source.node, source.call) for source in calls[key].sources() if _key(source) in calls)]


def _key(source: Output) -> CallKey:
    return source.node, source.call
