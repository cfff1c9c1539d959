"""Callbacks that watch what is never measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from mnistspec.calls import Call
from mnistspec.diagnostics import Diagnostic
from mnistspec.edits import renamed
from mnistspec.graph import by_each, by_output, snake_case
from mnistspec.lints.outputs import knows_outputs
from mnistspec.lints.refused_arguments import filled_in
from mnistspec.source import Span
from mnistspec.spec import Spec
from mnistspec.structures import has_lists
from mnistspec.suggest import Suggestion, suggestion
from mnistspec.typed import TypedGraph

# The settings whose values may be given by output.
_PARTS = ("loss", "metrics", "weighted_metrics")


def monitors(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Keras warns about these at the end of the first epoch, or never, and goes on without stopping."""
    if spec.fit is None or spec.compile is None:
        return ()
    measured = frozenset(_measured(typed, spec)) if _knows_measured(typed, spec) else None
    return tuple(found for call in spec.fit.callbacks for found in _of(call, measured, _validated(spec)))


def _knows_measured(typed: TypedGraph, spec: Spec) -> bool:
    """Whether no reported mistake hides a metric, or an output that names are made of."""
    given = spec.compile
    assert given is not None
    # Of outputs in lists inside a list Keras logs paths.
    structured = has_lists(typed.graph.output_structure)
    if given.hidden & {"metrics", "weighted_metrics"} or structured or not knows_outputs(typed, spec):
        return False
    named = {name for part in _PARTS if isinstance(value := getattr(given, part), Mapping) for name in value}
    # A name that no output has is a mistake that has been told.
    return not named or (typed.graph.complete and named <= {*typed.graph.output_names})


def _validated(spec: Spec) -> bool:
    """Whether there is validation, or a reported mistake may hide that there is."""
    if spec.data is None:
        return "data" in spec.hidden
    return spec.data.validation is not None or "validation" in spec.data.hidden


def _of_path(call: Call, measured: frozenset[str] | None, validated: bool) -> Iterator[Diagnostic]:
    """Names that a checkpoint's path is filled in with: Keras stops at one that it does not measure."""
    path = call.argument("filepath") if call.name == "ModelCheckpoint" and call.knows("filepath") else None
    for name in sorted(filled_in(path) or ()) if isinstance(path, str) and measured is not None else ():
        plain = name.removeprefix("val_")
        if name in ("epoch", "batch") or (plain in (measured or ()) and (validated or plain == name)):
            continue
        known = sorted(["epoch", *(measured or ()), *(f"val_{each}" for each in measured or () if validated)])
        at, message = call.span_of("filepath"), f"the path is filled in with `{name}`, which is not measured"
        near = suggestion(name, known, "monitor")
        help = near.help if near is not None else f"there are: {', '.join(f'`{each}`' for each in known)}"
        yield Diagnostic("E204", message, at, help)


def _of(call: Call, measured: frozenset[str] | None, validated: bool) -> Iterator[Diagnostic]:
    yield from _of_path(call, measured, validated)
    monitor = call.argument("monitor") if "monitor" in call.facts.arguments else None
    if not isinstance(monitor, str) or not call.knows("monitor"):
        return
    at = call.span_of("monitor")
    plain = monitor.removeprefix("val_")
    if measured is not None and plain not in measured:
        yield _not_measured(call, monitor, at, sorted(measured))
    elif monitor.startswith("val_") and not validated:
        # A checkpoint that saves every epoch reads its monitor only to choose the best.
        if call.name == "ModelCheckpoint" and call.argument("save_best_only") is not True:
            return
        message = f"`{call.name}` watches `{monitor}`, and there is no validation"
        help = "add `validation: 0.1` to `data`, or watch what training measures: `monitor: loss`"
        yield Diagnostic("W501", message, at, help)


def _not_measured(call: Call, monitor: str, at: Span, measured: list[str]) -> Diagnostic:
    before = "val_" * monitor.startswith("val_")
    near = suggestion(monitor.removeprefix("val_"), measured, "monitor")
    message = f"`{call.name}` watches `{monitor}`, which is not measured"
    if near is None:
        return Diagnostic("W501", message, at, f"measured are: {', '.join(f'`{name}`' for name in measured)}")
    meant = Suggestion(tuple(before + name for name in near.names), near.certain)
    return Diagnostic("W501", message, at, meant.help, fix=renamed(at, monitor, meant.names[0], certain=meant.certain))


def _measured(typed: TypedGraph, spec: Spec) -> Iterator[str]:
    """The names under which Keras logs losses and metrics."""
    assert spec.compile is not None
    known = typed.graph.outputs_in_keras
    names = [known[name] for name in typed.graph.output_names]
    yield "loss"
    yield "learning_rate"
    yield from _losses(by_each(by_output(spec.compile.loss, known), names))
    seen: Counter[str] = Counter()
    for weighted, metrics in (("", spec.compile.metrics), ("weighted_", spec.compile.weighted_metrics)):
        for output, metric in _by_output(by_each(by_output(metrics, known), names)):
            before = f"{output}_" if len(names) > 1 else ""
            name = before + metric if not seen[before + metric] else f"{before}{weighted}{metric}"
            yield name if not seen[name] else f"{name}_{seen[name]}"
            seen[name] += 1


def _losses(losses: Mapping[str, tuple[Call, ...]]) -> Iterator[str]:
    """Each output's loss is logged by itself where there are several."""
    if sum(map(len, losses.values())) > 1:
        yield from (f"{name}_loss" for name, given in losses.items() if given)


def _by_output(metrics: Mapping[str, tuple[Call, ...]]) -> Iterator[tuple[str, str]]:
    for output, given in metrics.items():
        for call in given:
            yield output, _metric_name(call)


def _metric_name(call: Call) -> str:
    """The name a metric is logged under: as written in words, its `name`, or its class' own."""
    if call.bare is not None and not call.bare[:1].isupper():
        return call.bare
    name = call.argument("name")
    return name if isinstance(name, str) else snake_case(call.name)
