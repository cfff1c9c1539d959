"""Whether a spec has all that a run needs."""

from __future__ import annotations

from mnistspec.diagnostics import Diagnostic, SpecInvalid
from mnistspec.source import Span
from mnistspec.spec import Spec


def complete(spec: Spec) -> None:
    """Raises: SpecInvalid naming the sections that a run needs and the spec leaves out."""
    missing = [name for name in ("data", "compile", "fit") if getattr(spec, name) is None]
    if missing:
        listed = " and ".join(f"`{name}:`" for name in missing)
        whole = Span(spec.source, 0, 0)
        raise SpecInvalid(
            (Diagnostic("E415", f"to be run, the spec needs {listed}", whole, "it can be checked and built"),)
        )
