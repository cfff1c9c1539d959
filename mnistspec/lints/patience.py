"""Callbacks that wait for longer than the training lasts."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.calls import Call
from mnistspec.datasets.facts import DataFacts
from mnistspec.diagnostics import Diagnostic
from mnistspec.spec import FitSpec, Spec


def patience(spec: Spec, facts: DataFacts | None) -> tuple[Diagnostic, ...]:
    """Such a callback never acts. Keras' default is nobody's mistake, and a single epoch is a trial."""
    fit = spec.fit
    if fit is None or fit.epochs == 1 or fit.hidden & {"epochs", "validation_freq"}:
        return ()
    return tuple(found for call in fit.callbacks for found in _of(call, fit))


def _of(call: Call, fit: FitSpec) -> Iterator[Diagnostic]:
    wait = call.arguments.get("patience") if "monitor" in call.facts.arguments else None
    # One that brings the best weights back at the end has done its work, however long it waits.
    if not isinstance(wait, int) or not call.complete or call.argument("restore_best_weights") is True:
        return
    looks = _looks(call, fit)
    # The first look is what the others are held against, unless there is a baseline.
    if wait >= looks + (call.argument("baseline") is not None):
        waited = f"{wait:,} epoch" + "s" * (wait != 1)
        message = f"`{call.name}` acts after {waited} without progress, and the training {_lasts(looks, fit)}"
        yield Diagnostic("W525", message, call.span_of("patience"), _help(looks))


def _looks(call: Call, fit: FitSpec) -> int:
    """How many times the callback sees what it watches: validation may be every few epochs, the first be left out."""
    every = fit.validation_freq if str(call.argument("monitor")).startswith("val_") else 1
    first = call.argument("start_from_epoch")
    return fit.epochs // every - (first // every if isinstance(first, int) else 0)


def _lasts(looks: int, fit: FitSpec) -> str:
    return f"has {fit.epochs:,}" + ("" if looks == fit.epochs else f", of which it sees {max(0, looks):,}")


def _help(looks: int) -> str:
    return f"write a `patience` below {looks:,}, or train for more epochs" if looks > 1 else "train for more epochs"
