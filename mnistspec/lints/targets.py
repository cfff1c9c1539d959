"""Outputs that the data gives nothing to learn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mnistspec.datasets.facts import DataFacts, show_names
from mnistspec.datasets.targets import target_facts
from mnistspec.diagnostics import Diagnostic
from mnistspec.spec import DataSpec, Spec
from mnistspec.typed import TypedGraph


def targets(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Training would end before it begins, after the data has been loaded."""
    facts = typed.graph.facts
    names = typed.graph.output_names
    if facts is None or spec.data is None or spec.compile is None or not typed.graph.complete:
        return ()
    if "targets" in spec.data.hidden or _names_others(spec.data, names):
        return ()
    found = target_facts(facts, spec.data.targets, names)
    return tuple(_missing(spec.data, facts, name) for name in names if found[name] is None)


def _names_others(data: DataSpec, names: tuple[str, ...]) -> bool:
    """Whether `targets` names outputs that there are not, which is another finding."""
    return isinstance(data.targets, Mapping) and any(name not in names for name in data.targets)


def _missing(data: DataSpec, facts: DataFacts, output: str) -> Diagnostic:
    by_output = isinstance(data.targets, Mapping)
    word = data.targets.get(output) if isinstance(data.targets, Mapping) else data.targets
    whole = data.targets_spans.get("targets", data.source.span)
    if word is None:
        return Diagnostic("E413", f"`data.targets` does not say what `{output}` learns", whole, f"add `{output}: y`")
    span = data.targets_spans.get(f"targets.{output}", whole) if by_output else whole
    if word in ("x", "y"):
        message = f"none of the data's {word} is named `{output}`, so there is nothing for it to learn"
        known = facts.x if word == "x" else facts.y
        return Diagnostic("E413", message, span, f"say which under `data.targets`: {show_names(known)}")
    message = f"`{output}` is to learn `{word}`, which the data does not have"
    return Diagnostic("E413", message, span, f"there are: {', '.join(_words(facts))}")


def _words(facts: DataFacts) -> Iterator[str]:
    """Everything that `data.targets` may name, each once."""
    return iter(dict.fromkeys(f"`{name}`" for name in ("y", "x", *facts.y, *facts.x)))
