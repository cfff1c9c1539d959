"""Callbacks that would write outside the run's folder."""

from __future__ import annotations

from mnistspec.datasets.facts import DataFacts
from mnistspec.diagnostics import Diagnostic
from mnistspec.spec import Spec
from mnistspec.written_paths import PATH_ARGUMENTS, leads_out


def callback_paths(spec: Spec, facts: DataFacts | None) -> tuple[Diagnostic, ...]:
    """A spec may come from anyone, and writes nowhere but into the folder of its run."""
    calls = [call for call in (spec.fit.callbacks if spec.fit is not None else ()) if call.name in PATH_ARGUMENTS]
    return tuple(
        Diagnostic("E204", f"`{name}` of `{call.name}` leads out of the run's folder", call.span_of(name),
                   "name a file below it, as in `best.keras`")
        for call in calls
        for name in (PATH_ARGUMENTS[call.name],)
        if leads_out(str(call.argument(name)))
    )  # fmt: skip
