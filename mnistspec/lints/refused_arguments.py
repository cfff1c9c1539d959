"""Arguments that are each of their kind and together make Keras refuse, after it is imported or while it trains."""

from __future__ import annotations

import string
from collections.abc import Iterator

from mnistspec.calls import Call, Value
from mnistspec.datasets.facts import DataFacts
from mnistspec.diagnostics import Diagnostic
from mnistspec.spec import Spec


def refused_arguments(spec: Spec, facts: DataFacts | None) -> tuple[Diagnostic, ...]:
    """What the signature of a class does not say."""
    return tuple(_of_callbacks(spec)) + tuple(_of_schedule(spec))


def _of_callbacks(spec: Spec) -> Iterator[Diagnostic]:
    for call in spec.fit.callbacks if spec.fit is not None else ():
        if call.name == "ModelCheckpoint" and call.complete:
            yield from _of_checkpoint(call)
        if call.name == "SwapEMAWeights" and _without_averages(spec):
            help = "add `use_ema: true` to the optimizer"
            yield Diagnostic("E204", "`SwapEMAWeights` needs an optimizer that keeps averages", call.span, help)


def _of_checkpoint(call: Call) -> Iterator[Diagnostic]:
    path, at = str(call.argument("filepath")), call.span_of("filepath")
    weights = call.argument("save_weights_only") is True
    ending = ".weights.h5" if weights else ".keras"
    if not path.endswith(ending):
        what = "weights alone" if weights else "a whole model"
        yield Diagnostic("E204", f"the file for {what} ends in `{ending}`", at, f"as in `best{ending}`")
    if filled_in(path) is None:
        yield Diagnostic("E204", f"`{path}` has a brace without its other half", at, "as in `{epoch}.keras`")


def filled_in(path: str) -> set[str] | None:
    """The names in braces that a checkpoint's path is filled in with; None for a path with half a pair of braces."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(path) if name is not None}
    except ValueError:
        return None


def _without_averages(spec: Spec) -> bool:
    compile = spec.compile
    if compile is None or "optimizer" in compile.hidden or not compile.optimizer.complete:
        return False
    inner = compile.optimizer.argument("inner_optimizer")
    return not any(
        isinstance(given, Call) and given.argument("use_ema") is True for given in (compile.optimizer, inner)
    )


def _of_schedule(spec: Spec) -> Iterator[Diagnostic]:
    """A schedule of steps has one rate more than it has boundaries."""
    compile = spec.compile
    rate = compile.optimizer.argument("learning_rate") if compile is not None else None
    if not isinstance(rate, Call) or rate.name != "PiecewiseConstantDecay" or not rate.complete:
        return
    boundaries, values = _length(rate.argument("boundaries")), _length(rate.argument("values"))
    if boundaries is not None and values is not None and values != boundaries + 1:
        message = (
            f"{boundaries} boundaries part the training into {boundaries + 1} stretches, and there are {values} values"
        )
        yield Diagnostic("E204", message, rate.span_of("values"), "give each stretch a value")


def _length(value: Value) -> int | None:
    return len(value) if isinstance(value, tuple) else None
