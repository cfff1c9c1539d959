from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from mnistspec.catalogue import load
from mnistspec.diagnostics import MissingExtra, OutputFailed, RunFailed, UsageError

pytestmark = pytest.mark.keras

WRITERS = {
    "BackupAndRestore": "backup_dir",
    "CSVLogger": "filename",
    "ModelCheckpoint": "filepath",
    "OrbaxCheckpoint": "directory",
    "TensorBoard": "log_dir",
}
OUTSIDE = (
    "/tmp/log", "..", "../log", "a/../../log", "a/..", "~/log", "~", "~root/log", "C:/log", "C:log", "c:\\log",
    "..\\log", "a\\..\\..\\log", "\\log", "\\\\host\\share\\log", "//host/log", "", ".", "./", "a\0b",
)  # fmt: skip
USABLE = sorted({facts.name for facts in load()["callbacks"].classes.values() if not facts.refused})


def built(folder: Path, *calls: Any) -> list[Any]:
    from mnistspec.training.callbacks import build_callbacks

    return build_callbacks(calls, folder)


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_callback_writes_outside_the_run_s_folder_or_in_its_place(
    tiny: ModuleType, tmp_path: Path, path: str
) -> None:
    run = tmp_path / "run"
    run.mkdir()
    for name, argument in WRITERS.items():
        with pytest.raises(UsageError, match=f"`{argument}` of `{name}`"):
            built(run, tiny.callback(name, **{argument: path}))
    assert list(tmp_path.iterdir()) == [run] and not list(run.iterdir())


def test_the_table_of_writers_has_every_callback_with_a_path(tiny: ModuleType) -> None:
    """A callback that a newer Keras brings must be looked at before a spec may use it."""
    named = {
        facts.name: [name for name in facts.arguments if name.endswith(("dir", "path", "filename", "directory"))]
        for facts in load()["callbacks"].classes.values()
        if not facts.refused
    }
    assert {name: found for name, found in named.items() if found} == {
        **{name: [argument] for name, argument in WRITERS.items()},
        "RemoteMonitor": ["path"],  # of a URL
    }


def test_paths_inside_get_their_folders_and_defaults_are_confined_too(
    tiny: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnistspec.training.callbacks.find_spec", lambda package: object())
    log, board = built(tmp_path, tiny.callback("CSVLogger", filename="a/b/log.csv"), tiny.callback("TensorBoard"))
    assert log.filename == str(tmp_path / "a" / "b" / "log.csv") and (tmp_path / "a" / "b").is_dir()
    assert board.log_dir == str(tmp_path / "logs")


def test_a_folder_that_cannot_be_made_is_told(tiny: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputFailed, match="CSVLogger"):
        built(tmp_path, tiny.callback("CSVLogger", filename="file/log.csv"))


@pytest.mark.parametrize("name", USABLE)
def test_every_callback_of_the_catalogue_is_made(tiny: ModuleType, tmp_path: Path, name: str) -> None:
    import keras

    path = {WRITERS[name]: "kept.keras"} if name in WRITERS else {}
    try:
        [made] = built(tmp_path, tiny.callback(name, **path))
    except MissingExtra as error:
        pytest.skip(str(error))
    assert type(made) is getattr(keras.callbacks, name)


def test_arguments_that_keras_refuses_are_told_in_a_sentence(tiny: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(RunFailed, match=r"refuses `ModelCheckpoint`.*\.keras"):
        built(tmp_path, tiny.callback("ModelCheckpoint", filepath="no-ending"))


def test_a_missing_package_is_told_with_the_callback(
    tiny: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(*arguments: Any, **named: Any) -> None:
        raise ImportError("needs the `orbax` package")

    monkeypatch.setattr("keras.callbacks.CSVLogger", absent)
    with pytest.raises(MissingExtra, match=r"`CSVLogger`.*`orbax` package"):
        built(tmp_path, tiny.callback("CSVLogger", filename="log.csv"))


def test_a_package_that_a_callback_imports_only_in_training_is_missed_before_it(
    tiny: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mnistspec.training.callbacks.find_spec", lambda package: None)
    with pytest.raises(MissingExtra, match=r"`TensorBoard` needs tensorboard: pip install tensorboard"):
        built(tmp_path, tiny.callback("TensorBoard"))
