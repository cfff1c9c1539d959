"""Mistakes that Keras accepts and a person regrets: one a file, in the order in which they are looked for."""

from __future__ import annotations

from collections.abc import Callable

from mnistspec.diagnostics import Diagnostic
from mnistspec.infer import TypedGraph
from mnistspec.lints.callback_paths import callback_paths
from mnistspec.lints.class_count import class_count
from mnistspec.lints.labels import labels
from mnistspec.lints.logits import logits
from mnistspec.lints.monitors import monitors
from mnistspec.lints.output_names import output_names
from mnistspec.lints.pixels import pixels
from mnistspec.lints.targets import targets
from mnistspec.spec import Spec

Lint = Callable[[TypedGraph, Spec], tuple[Diagnostic, ...]]

LINTS: tuple[Lint, ...] = (output_names, targets, callback_paths, labels, class_count, logits, monitors, pixels)


def lint(typed: TypedGraph, spec: Spec, *, clean: bool) -> tuple[Diagnostic, ...]:
    """What every lint finds. A spec with errors (`clean` false) is not looked at: its values are not to be trusted."""
    return tuple(found for each in LINTS for found in each(typed, spec)) if clean else ()
