"""mnistspec: a declarative model compiler for Keras. What is used of it is imported when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from mnistspec.version import __version__

if TYPE_CHECKING:
    from mnistspec.api import build, check, compare, format_spec, from_keras, run, to_python
    from mnistspec.diagnostics import Diagnostic, MnistspecError, Severity, SpecInvalid
    from mnistspec.differences import Differences
    from mnistspec.pipeline import CheckResult
    from mnistspec.runs.run import Run

__all__ = [
    "CheckResult",
    "Diagnostic",
    "Differences",
    "MnistspecError",
    "Run",
    "Severity",
    "SpecInvalid",
    "__version__",
    "build",
    "check",
    "compare",
    "format_spec",
    "from_keras",
    "run",
    "to_python",
]

# Where each public name is at home.
_HOMES = {
    **dict.fromkeys(("build", "check", "compare", "format_spec", "from_keras", "run", "to_python"), "api"),
    **dict.fromkeys(("Diagnostic", "MnistspecError", "Severity", "SpecInvalid"), "diagnostics"),
    "CheckResult": "pipeline",
    "Differences": "differences",
    "Run": "runs.run",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'mnistspec' has no attribute '{name}'")
    return getattr(import_module(f"mnistspec.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
