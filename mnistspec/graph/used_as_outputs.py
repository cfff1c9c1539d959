"""Settings by output name, where an output is all that a used block gives: the use's own name stands for it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from mnistspec.graph.parts import Graph
from mnistspec.spec import BY_OUTPUT, CompileSpec, DataSpec, Spec

_T = TypeVar("_T")


def by_nodes(spec: Spec, graph: Graph) -> Spec:
    """The spec with the outputs in `compile` and `data.targets` by the names of their nodes."""
    names = graph.uses
    if not names:
        return spec
    return replace(
        spec,
        compile=_compile(spec.compile, names) if spec.compile is not None else None,
        data=_data(spec.data, names) if spec.data is not None else None,
    )


def _compile(settings: CompileSpec, names: Mapping[str, str]) -> CompileSpec:
    values: dict[str, Any] = {key: _renamed(getattr(settings, key), names) for key in BY_OUTPUT}
    spans = dict(settings.spans)
    for key in BY_OUTPUT:
        spans.update(_moved(settings.spans, key, names))
    return replace(settings, **values, spans=spans)


def _data(data: DataSpec, names: Mapping[str, str]) -> DataSpec:
    spans = {**data.targets_spans, **_moved(data.targets_spans, "targets", names)}
    return replace(data, targets=_renamed(data.targets, names), targets_spans=spans)


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """A map by output, a use's name replaced; the node's own name, where both are written, goes before."""
    if not isinstance(value, Mapping):
        return value
    return {_node(name, value, names): given for name, given in value.items()}


def _moved(spans: Mapping[str, _T], key: str, names: Mapping[str, str]) -> dict[str, _T]:
    return {
        f"{key}.{node}": spans[f"{key}.{use}"]
        for use, node in names.items()
        if f"{key}.{use}" in spans and f"{key}.{node}" not in spans
    }


def _node(name: str, among: Mapping[str, object], names: Mapping[str, str]) -> str:
    node = names.get(name, name)
    return name if node in among else node
