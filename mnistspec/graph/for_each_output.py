"""Settings that are given once for all outputs, spelt for each of them where Keras does not do so itself.

A list of metrics Keras deals out among several outputs, one each, and fails where the numbers differ; of weights by
output it asks for losses by output (`keras.src.trainers.compile_utils`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mnistspec.calls import Call
from mnistspec.graph.parts import Graph
from mnistspec.spec import CompileSpec, Spec


def for_each_output(spec: Spec, graph: Graph) -> Spec:
    """The spec with its metrics, and losses that have weights, by the names of the outputs."""
    if spec.compile is None or not graph.complete:
        return spec
    names = tuple(dict.fromkeys(port.node for port in graph.outputs))
    return replace(spec, compile=_spread(spec.compile, names))


def _spread(settings: CompileSpec, names: Sequence[str]) -> CompileSpec:
    values: dict[str, Any] = {key: getattr(settings, key) for key in _given_once(settings, len(names))}
    spans = {f"{key}.{name}": settings.spans[key] for key in values if key in settings.spans for name in names}
    spelt: dict[str, Any] = {key: dict.fromkeys(names, value) for key, value in values.items()}
    return replace(settings, **spelt, spans={**settings.spans, **spans}) if values else settings


def _given_once(settings: CompileSpec, outputs: int) -> list[str]:
    """The settings to spell out: metrics for several outputs, and a loss beside weights."""
    metrics = [key for key in ("metrics", "weighted_metrics") if outputs > 1 and _is_list(getattr(settings, key))]
    weighed = isinstance(settings.loss, Call) and settings.loss_weights is not None
    return [*(["loss"] if weighed else []), *metrics]


def _is_list(value: object) -> bool:
    return isinstance(value, tuple) and bool(value)
