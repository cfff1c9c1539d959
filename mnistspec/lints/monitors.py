"""Callbacks that watch what is never measured, or take what is worse for what is better."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mnistspec.calls import Call
from mnistspec.diagnostics import Diagnostic, Fix
from mnistspec.edits import inserted, renamed
from mnistspec.hints import listed
from mnistspec.lints.measured import Measured, measured
from mnistspec.lints.refused_arguments import filled_in
from mnistspec.source import Span
from mnistspec.spec import Spec
from mnistspec.suggest import Suggestion, suggestion
from mnistspec.typed import TypedGraph

# What a mode asks for, in words.
_SOUGHT = {"max": "the highest", "min": "the lowest"}
_BETTER = {"max": "higher", "min": "lower"}
# What stands before the name of what is measured in validation, as it may be written.
_BEFORE = re.compile(r"val(id(ation)?)?[-_ .]?|test[-_ .]", re.IGNORECASE)


def monitors(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Keras stops at these when the first epoch is over, or warns among its other output, or says nothing."""
    if spec.fit is None or spec.compile is None or not spec.fit.callbacks:
        return ()
    known, validated = measured(typed, spec), _validated(spec)
    return tuple(
        found
        for call in spec.fit.callbacks
        for found in (*_of_path(call, known, validated), *_of_monitor(call, known, validated))
    )


def _validated(spec: Spec) -> bool:
    """Whether there is validation, or a reported mistake may hide that there is."""
    if spec.data is None:
        return "data" in spec.hidden
    return spec.data.validation is not None or "validation" in spec.data.hidden


def _of_path(call: Call, known: Measured | None, validated: bool) -> Iterator[Diagnostic]:
    """Names that a checkpoint's path is filled in with: Keras stops at one that it does not measure."""
    path = call.argument("filepath") if call.name == "ModelCheckpoint" and call.knows("filepath") else None
    if known is None or not isinstance(path, str):
        return
    for name in sorted(filled_in(path) or ()):
        there = sorted(["epoch", *known.modes, *(f"val_{each}" for each in known.validated if validated)])
        if name in (*there, "batch"):
            continue
        at, message = call.span_of("filepath"), f"the path is filled in with `{name}`, which is not measured"
        near = _meant(name, known, validated)
        help = near.help if near is not None else f"there are: {listed(there)}"
        yield Diagnostic("E204", message, at, help)


def _of_monitor(call: Call, known: Measured | None, validated: bool) -> Iterator[Diagnostic]:
    monitor = call.argument("monitor") if "mode" in call.facts.arguments else None
    if not isinstance(monitor, str) or not call.knows("monitor"):
        return
    plain = monitor.removeprefix("val_")
    if known is not None and plain not in (known.modes if plain == monitor else known.validated):
        yield _not_measured(call, monitor, known, validated)
    elif monitor.startswith("val_") and not validated:
        yield from _not_validated(call, monitor)
    if known is not None and plain in known.modes and call.knows("mode"):
        yield from _of_mode(call, monitor, known)


def _not_validated(call: Call, monitor: str) -> Iterator[Diagnostic]:
    if not _chooses(call):
        return
    message = f"`{call.name}` watches `{monitor}`, and there is no validation"
    help = "add `validation: 0.1` to `data`, or watch what training measures: `monitor: loss`"
    yield Diagnostic("W501", message, call.span_of("monitor"), help)


def _chooses(call: Call) -> bool:
    """Whether it goes by its monitor: a checkpoint that saves every epoch does not."""
    return "save_best_only" not in call.facts.arguments or call.argument("save_best_only") is True


def _stops_keras(call: Call, plain: str, known: Measured) -> bool:
    """Whether Keras is to find the mode of what it cannot find among its metrics, and stops."""
    return call.knows("mode") and call.argument("mode") == "auto" and plain not in (known.by_itself or (plain,))


def _not_measured(call: Call, monitor: str, known: Measured, validated: bool) -> Diagnostic:
    at, plain = call.span_of("monitor"), monitor.removeprefix("val_")
    code = "E204" if _stops_keras(call, plain, known) else "W501"
    message = f"`{call.name}` watches `{monitor}`, which is not measured"
    meant = _meant(monitor, known, validated)
    if meant is None:
        return Diagnostic(code, message, at, f"measured are: {listed(sorted(known.modes))}")
    return Diagnostic(code, message, at, meant.help, fix=renamed(at, monitor, meant.names[0], certain=meant.certain))


def _meant(name: str, known: Measured, validated: bool) -> Suggestion | None:
    """What was probably meant by a name that is not measured, with `val_` where something like it stands before."""
    found = _BEFORE.match(name)
    near = suggestion(name[found.end() :], known.validated, "monitor") if found is not None else None
    if near is not None and (validated or name.startswith("val_")):
        return Suggestion(tuple(f"val_{each}" for each in near.names), near.certain)
    plain = name.removeprefix("val_")
    return Suggestion((plain,), certain=True) if plain in known.modes else suggestion(name, known.modes, "monitor")


def _of_mode(call: Call, monitor: str, known: Measured) -> Iterator[Diagnostic]:
    plain, mode = monitor.removeprefix("val_"), call.argument("mode")
    right = known.modes[plain]
    if _stops_keras(call, plain, known):
        yield _undecided(call, monitor, right)
    elif right is not None and isinstance(mode, str) and mode in _SOUGHT and mode != right and _chooses(call):
        yield _opposite(call.span_of("mode"), mode, f"`{monitor}`", right)


def _undecided(call: Call, monitor: str, right: str | None) -> Diagnostic:
    message = f"Keras cannot tell by itself whether `{monitor}` is better higher or lower, and stops after an epoch"
    if right is None:
        return Diagnostic("E204", message, call.span_of("monitor"), f"add `mode: max` or `mode: min` to `{call.name}`")
    help = f"add `mode: {right}` to `{call.name}`"
    return Diagnostic("E204", message, call.span_of("monitor"), help, fix=_with_mode(call, right))


def _with_mode(call: Call, mode: str) -> Fix | None:
    """The mode behind the monitor, where that stands in braces."""
    at = call.span_of("monitor")
    in_braces = re.compile(r"\s*[,}]").match(at.source.text, at.end) is not None
    return inserted(at.source, at.end, f", mode: {mode}") if in_braces and "mode" not in call.arguments else None


def _opposite(at: Span, mode: str, monitor: str, right: str) -> Diagnostic:
    message = f"`mode: {mode}` looks for {_SOUGHT[mode]} {monitor}, which is better {_BETTER[right]}"
    return Diagnostic("W524", message, at, f"write `mode: {right}`", fix=Fix(at, right))
