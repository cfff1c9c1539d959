"""The spec's callbacks as Keras objects, what they write confined to the run's folder."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mnistspec.calls import Call
from mnistspec.diagnostics import MissingExtra, OutputFailed, UsageError, first_line
from mnistspec.exporters.keras_model import construct
from mnistspec.written_paths import PATH_ARGUMENTS, leads_out

# What callbacks import when training begins, and would fail on only then.
_PACKAGES = {"TensorBoard": "tensorboard", "RemoteMonitor": "requests"}


def build_callbacks(calls: tuple[Call, ...], folder: Path) -> list[Any]:
    """The callbacks, each path they write to put under `folder`.

    Raises: UsageError for a path that leads out of the folder, OutputFailed where it cannot be made, SpecRefused with
    Keras' reason for arguments that it refuses, MissingExtra for a callback whose package is not installed.
    """
    return [_made(_confined(call, folder)) for call in calls]


def _made(call: Call) -> Any:
    package = _PACKAGES.get(call.name)
    if package is not None and find_spec(package) is None:
        raise MissingExtra(f"{call.span}: `{call.name}` needs {package}: pip install {package}")
    try:
        return construct(call)
    except ImportError as error:
        raise MissingExtra(f"{call.span}: `{call.name}` cannot be used here: {first_line(error)}") from error


def _confined(call: Call, folder: Path) -> Call:
    """The callback with what it writes put under `folder`."""
    name = PATH_ARGUMENTS.get(call.name)
    if name is None:
        return call
    written = str(call.argument(name))
    if leads_out(written):
        raise UsageError(
            f"{call.span_of(name)}: `{name}` of `{call.name}` is a path inside the run's folder, not `{written}`"
        )
    target = folder / written
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputFailed(f"`{target.parent}`, for `{call.name}`, could not be made: {error.strerror}") from error
    return replace(call, arguments={**call.arguments, name: str(target)})
