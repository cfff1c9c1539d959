"""What Keras' callbacks carry from step to step and from epoch to epoch, and the files that they go on writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras

_BATCHES = ("_batches_seen_since_last_saving", "_last_batch_seen", "_current_epoch")

# Callback -> the attributes that say what it will do next. What follows from its arguments, or is set anew when a
# training or an epoch begins, is not among them; a test holds that for every callback that Keras has.
CARRIED: Mapping[str, tuple[str, ...]] = {
    "BackupAndRestore": _BATCHES,
    "CSVLogger": ("keys",),
    "EarlyStopping": ("wait", "stopped_epoch", "best", "best_weights", "best_epoch"),
    "History": ("epoch", "history"),
    "ModelCheckpoint": ("best", *_BATCHES),
    "OrbaxCheckpoint": ("best", "_total_batches_seen", *_BATCHES),
    "ProgbarLogger": (),
    "ReduceLROnPlateau": ("best", "cooldown_counter", "wait"),
    "RemoteMonitor": (),
    "SwapEMAWeights": ("_ema_weights_in_model",),
    "TensorBoard": ("_global_train_batch", "_global_test_batch"),
    "TerminateOnNaN": (),
}


def carried_by(callbacks: Sequence[Any]) -> list[dict[str, Any]]:
    """The state of each callback, in their order."""
    return [_of(callback) for callback in callbacks]


def _of(callback: Any) -> dict[str, Any]:
    name = type(callback).__name__
    named = ("monitor", *CARRIED.get(name, ()))
    state = {one: getattr(callback, one) for one in named if hasattr(callback, one)}
    if name == "CSVLogger":
        state["bytes"] = _length(Path(callback.filename))
    return {"class": name, **state}


def matched(callbacks: Sequence[Any], states: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The state of each callback: the first that is left of its class and of what it monitors; empty for a new one."""
    left, found = list(states), list[Mapping[str, Any]]()
    for callback in callbacks:
        number = next((number for number, state in enumerate(left) if _is_of(state, callback)), None)
        found.append({} if number is None else left.pop(number))
    return found


def _is_of(state: Mapping[str, Any], callback: Any) -> bool:
    monitors = getattr(callback, "monitor", None)
    return bool(state["class"] == type(callback).__name__ and state.get("monitor", monitors) == monitors)


def _length(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def take_up_files(callbacks: Sequence[Any], states: Sequence[Mapping[str, Any]]) -> None:
    """Before the training begins again: what was written after the state was saved is taken out of the files.

    States are those that `matched` gives; all that a callback without one had written is taken out. Raises: OSError.
    """
    for callback, state in zip(callbacks, states, strict=True):
        if isinstance(callback, keras.callbacks.CSVLogger):
            _cut(Path(callback.filename), state.get("bytes", 0))
            callback.append = True


def _cut(file: Path, length: int) -> None:
    if file.exists():
        with file.open("r+b") as stream:
            stream.truncate(min(length, file.stat().st_size))


def let_go(callbacks: Sequence[Any]) -> None:
    """After a training that was broken off: closes the files that Keras closes at a training's end."""
    for callback in callbacks:
        if isinstance(callback, keras.callbacks.CSVLogger) and callback.csv_file is not None:
            callback.csv_file.close()


def put_back(callbacks: Sequence[Any], states: Sequence[Mapping[str, Any]]) -> None:
    """Gives each callback the state it had, once it has begun the training, which would set it back.

    States are those that `matched` gives.
    """
    for callback, state in zip(callbacks, states, strict=True):
        for name in CARRIED.get(type(callback).__name__, ()):
            if name in state:
                setattr(callback, name, state[name])
