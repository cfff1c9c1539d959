"""The spec's callbacks as Keras objects, what they write confined to the run's folder, and which need every step."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from mnistspec.diagnostics import UsageError
from mnistspec.exporters.keras_model import construct
from mnistspec.spec import Call

# Arguments that name a file or folder to write, by callback.
_PATHS = {
    "BackupAndRestore": "backup_dir",
    "CSVLogger": "filename",
    "ModelCheckpoint": "filepath",
    "OrbaxCheckpoint": "directory",
    "TensorBoard": "log_dir",
}
_STEP_ARGUMENTS = ("save_freq", "update_freq")


def build_callbacks(calls: tuple[Call, ...], folder: Path) -> list[Any]:
    """The callbacks, each path they write to put under `folder`.

    Raises: UsageError for a path that leads out of the folder.
    """
    return [_confined(call, folder) for call in calls]


def _confined(call: Call, folder: Path) -> Any:
    name = _PATHS.get(call.name)
    if name is None:
        return construct(call)
    written = str(call.argument(name))
    if _leads_out(written):
        raise UsageError(
            f"{call.span_of(name)}: `{name}` of `{call.name}` is a path inside the run's folder, not `{written}`"
        )
    target = folder / written
    target.parent.mkdir(parents=True, exist_ok=True)
    arguments = {**call.arguments, name: str(target)}
    return construct(Call(call.facts, arguments, call.span, call.spans))


def _leads_out(path: str) -> bool:
    """Whether a path is absolute or climbs, by the rules of either system."""
    posix, windows = PurePosixPath(path), PureWindowsPath(path)
    return posix.is_absolute() or bool(windows.anchor) or ".." in (*posix.parts, *windows.parts) or path.startswith("~")


def needs_every_step(calls: tuple[Call, ...]) -> bool:
    """Whether a callback acts between steps, so that steps cannot be run several at a time."""
    return any(
        isinstance(call.argument(name), int) or call.argument(name) == "batch"
        for call in calls
        for name in _STEP_ARGUMENTS
        if name in call.facts.arguments
    )
