"""What each output of the model learns: `data.targets` matched with the arrays there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from mnistspec.datasets.facts import ArrayFacts, DataFacts, show_names
from mnistspec.diagnostics import BadData

if TYPE_CHECKING:
    from mnistspec.datasets.loaded import Array, Split
    from mnistspec.datasets.stored import Stored

T = TypeVar("T")


def targets_for(
    split: Split, targets: str | Mapping[str, str], output_names: Iterable[str]
) -> dict[str, Array | Stored]:
    """The array that each output learns, by output name.

    A word (`y`, `x`, an array's name) holds for every output; `y` and `x` of several arrays go to the outputs of the
    same names. Raises: BadData, naming the arrays there are, where an output is left without.
    """
    outputs = tuple(output_names)
    if not isinstance(targets, str) and (unknown := [name for name in targets if name not in outputs]):
        raise BadData(f"`data.targets` names `{unknown[0]}`, which is no output; the outputs: {_listed(outputs)}.")
    found = {output: _target(split.x, split.y, targets, output) for output in outputs}
    for output, array in found.items():
        if array is None:
            raise BadData(_nothing_to_learn(output, targets, split.x, split.y))
    return {output: array for output, array in found.items() if array is not None}


def target_facts(
    facts: DataFacts, targets: str | Mapping[str, str], output_names: Iterable[str]
) -> dict[str, ArrayFacts | None]:
    """What is known of the array that each output learns, by output name; None where there is none for it."""
    outputs = tuple(output_names)
    return {output: _target(facts.x, facts.y, targets, output) for output in outputs}


def _target(x: Mapping[str, T], y: Mapping[str, T], targets: str | Mapping[str, str], output: str) -> T | None:
    word = targets if isinstance(targets, str) else targets.get(output)
    if word is None:
        return None
    if word == "y":
        return y["y"] if "y" in y else _of_group(y, output)
    if word == "x":
        return x["x"] if "x" in x else _of_group(x, output)
    return y[word] if word in y else x.get(word)


def _of_group(arrays: Mapping[str, T], output: str) -> T | None:
    """Of several arrays the one named like the output; the only array serves every output."""
    if len(arrays) == 1:
        return next(iter(arrays.values()))
    return arrays.get(output)


def _nothing_to_learn(
    output: str, targets: str | Mapping[str, str], x: Mapping[str, object], y: Mapping[str, object]
) -> str:
    word = targets if isinstance(targets, str) else targets.get(output)
    asked = "has no entry in `data.targets`" if word is None else f"is to learn `{word}`, which the data does not have"
    if word in ("x", "y"):
        asked = f"is to learn `{word}`, and none of its arrays is named `{output}`"
    return f"Output `{output}` {asked}; the data has x: {show_names(x)} and y: {show_names(y)}."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
