"""Every callback of Keras that carries something from step to step stands in the table with all that it carries."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from mnistspec.catalogue import load
from mnistspec.catalogue.refused import REFUSED

pytestmark = pytest.mark.keras

# What callbacks change while they work and do not need to be given back: made anew from arguments when a training
# begins, set before each use, or a handle of the process.
_MADE_ANEW = {
    "BackupAndRestore": {"_model"},
    "CSVLogger": {"append_header", "csv_file", "writer"},
    "EarlyStopping": {"min_delta", "monitor_op"},
    "ModelCheckpoint": {"min_delta", "monitor_op"},
    "OrbaxCheckpoint": {"min_delta", "monitor_op"},
    "ProgbarLogger": {"_called_in_fit", "epochs", "progbar", "seen", "target", "verbose"},
    "ReduceLROnPlateau": {"min_delta", "monitor_op"},
    "TensorBoard": {
        "_batch_start_time", "_batch_trace_context", "_epoch_start_time", "_is_tracing", "_log_write_dir",
        "_previous_epoch_iterations", "_profiler_started", "_should_trace", "_should_write_train_graph",
        "_start_batch", "_stop_batch", "_summary_module", "_train_dir", "_val_dir", "_writers", "_model",
    },
}  # fmt: skip
_OF_EVERY_CALLBACK = {"_model", "params"}


def _changed(kind: type) -> Iterator[str]:
    """The attributes that methods other than `__init__` set, in the class and those above it."""
    for one in kind.__mro__[:-1]:
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(one)))):
            if isinstance(node, ast.FunctionDef) and node.name != "__init__":
                yield from (found.attr for found in ast.walk(node) if _is_set(found))


def _is_set(node: ast.AST) -> bool:
    on_self = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    return on_self and isinstance(node.ctx, ast.Store)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(n for n in load()["callbacks"].classes if f"callbacks.{n}" not in REFUSED))
def test_nothing_that_a_callback_changes_is_forgotten(tiny: ModuleType, name: str) -> None:
    import keras

    from mnistspec.training.callback_state import CARRIED

    assert name in CARRIED, f"`{name}` is not in the table of what callbacks carry"
    unknown = set(_changed(getattr(keras.callbacks, name))) - _OF_EVERY_CALLBACK - _MADE_ANEW.get(name, set())
    assert unknown <= set(CARRIED[name]), f"`{name}` changes {unknown - set(CARRIED[name])}"


def test_a_log_is_cut_to_what_it_was_and_goes_on(tiny: ModuleType, tmp_path: Path) -> None:
    from mnistspec.training.callback_state import carried_by, take_up_files

    log = tmp_path / "log.csv"
    callback: Any = tiny.build("CSVLogger", filename=str(log))
    log.write_text("epoch,loss\n0,1.5\n")
    states = carried_by([callback])
    log.write_text("epoch,loss\n0,1.5\n1,1.25\n2")
    take_up_files([callback], states)
    assert log.read_text() == "epoch,loss\n0,1.5\n" and callback.append is True


def test_a_log_of_a_training_that_begins_anew_is_emptied(tiny: ModuleType, tmp_path: Path) -> None:
    from mnistspec.training.callback_state import take_up_files

    log = tmp_path / "log.csv"
    log.write_text("epoch,loss\n0,1.5\n")
    take_up_files([tiny.build("CSVLogger", filename=str(log), append=True)], [{"bytes": 0}])
    assert log.read_text() == ""


def test_a_log_that_was_lost_in_part_is_not_filled_up(tiny: ModuleType, tmp_path: Path) -> None:
    from mnistspec.training.callback_state import take_up_files

    log = tmp_path / "log.csv"
    log.write_text("epoch,loss\n")
    take_up_files([tiny.build("CSVLogger", filename=str(log))], [{"bytes": 100}])
    assert log.read_text() == "epoch,loss\n"


def test_a_state_belongs_to_the_callback_of_its_class_that_watches_the_same(tiny: ModuleType) -> None:
    from mnistspec.training.callback_state import carried_by, matched

    first, second = (tiny.build("EarlyStopping", monitor=monitor) for monitor in ("loss", "val_loss"))
    other = tiny.build("ReduceLROnPlateau", monitor="loss")
    first.wait, second.wait = 1, 2
    states = carried_by([first, second])
    assert [state.get("wait") for state in matched([second, other, first], states)] == [2, None, 1]
    assert [state.get("wait") for state in matched([tiny.build("EarlyStopping", monitor="accuracy")], states)] == [None]
