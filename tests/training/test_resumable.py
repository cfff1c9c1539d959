"""A training that goes on from a saved state ends with the bits of one that was never interrupted."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from mnistspec.diagnostics import UsageError

pytestmark = pytest.mark.keras


def resumed(tiny: ModuleType, folder: Path, at: tuple[int, int], **fit: Any) -> tuple[Any, Any]:
    """The model and history of a training stopped hard after a step (epochs and steps from 1) and gone on with."""
    from mnistspec.training.checkpoint_folder import newest
    from mnistspec.training.resumable import Resumption

    def stop(epoch: int, step: int) -> None:
        if (epoch, step) == at:
            raise KeyboardInterrupt

    assert tiny.fit(tiny.model(dropout=0.4), folder, listener=tiny.Listening(step_ends=stop), **fit).interrupted
    found = newest(folder / "checkpoint", pytest.fail)
    model = tiny.model(dropout=0.4)
    return model, tiny.fit(model, folder, resumption=Resumption(found[1] if found else None), **fit)


@pytest.mark.parametrize(
    ("at", "fit"),
    [
        ((3, 4), {"checkpoint": 1}),
        ((3, 1), {"checkpoint": 1}),
        ((3, 2), {"checkpoint": "epoch"}),
        ((2, 4), {"checkpoint": 2, "steps_at_once": 2}),
        ((3, 3), {"checkpoint": 1, "steps_per_epoch": 4}),
        ((2, 7), {"checkpoint": 3, "steps_per_epoch": 7, "validation_freq": 2}),
        ((1, 2), {"checkpoint": "epoch"}),
    ],
    ids=["mid-epoch", "first step", "epoch", "goes", "stream", "long stream", "nothing saved"],
)
def test_the_bits_are_those_of_a_training_in_one_go(
    tiny: ModuleType, tmp_path: Path, at: tuple[int, int], fit: dict[str, Any]
) -> None:
    fit = {"validation": tiny.examples(23, seed=1), "epochs": 4, **fit}
    (apart := tmp_path / "apart").mkdir()
    whole = tiny.model(dropout=0.4)
    history = tiny.fit(whole, apart, **fit)
    model, again = resumed(tiny, tmp_path, at, **fit)
    assert tiny.measured(again) == tiny.measured(history) and tiny.same_weights(model, whole)
    assert all(row["seconds"] > 0 for row in again.rows)


def test_what_stateful_layers_carry_goes_on_too(tiny: ModuleType, tmp_path: Path) -> None:
    """Keras counts their states among no variables; those of a layer inside a layer, in a nested model, neither."""
    import keras

    from mnistspec.training.checkpoint_folder import newest
    from mnistspec.training.resumable import Resumption

    def made() -> Any:
        keras.utils.set_random_seed(3)
        layers = [
            keras.layers.Reshape((2, 2)),
            keras.Sequential([keras.layers.Bidirectional(keras.layers.LSTM(3, stateful=True))]),
            keras.layers.Dense(3, activation="softmax"),
        ]
        model = keras.Sequential([keras.Input((4,), batch_size=10), *layers])
        model.compile("sgd", "sparse_categorical_crossentropy")
        return model

    def stop(epoch: int, step: int) -> None:
        if (epoch, step) == (2, 3):
            raise KeyboardInterrupt

    (apart := tmp_path / "apart").mkdir()
    whole, again = made(), made()
    history = tiny.fit(whole, apart, checkpoint=1)
    tiny.fit(made(), tmp_path, checkpoint=1, listener=tiny.Listening(step_ends=stop))
    found = newest(tmp_path / "checkpoint", pytest.fail)
    assert found is not None
    assert tiny.measured(tiny.fit(again, tmp_path, checkpoint=1, resumption=Resumption(found[1]))) == tiny.measured(
        history
    )
    assert tiny.same_weights(again, whole)


def test_callbacks_go_on_where_they_were(tiny: ModuleType, tmp_path: Path) -> None:
    calls = (
        tiny.callback("EarlyStopping", monitor="loss", mode="max", patience=4, restore_best_weights=True),
        tiny.callback("ReduceLROnPlateau", monitor="loss", mode="max", patience=2, factor=0.5),
        tiny.callback("CSVLogger", filename="log.csv"),
        tiny.callback("ModelCheckpoint", filepath="{epoch}-{batch}.weights.h5", save_weights_only=True, save_freq=4),
    )
    fit: dict[str, Any] = {"epochs": 9, "callbacks": calls, "checkpoint": 3}
    (apart := tmp_path / "apart").mkdir()
    whole = tiny.model(dropout=0.4)
    history = tiny.fit(whole, apart, **fit)
    model, again = resumed(tiny, tmp_path, (4, 2), **fit)
    assert again.kept == history.kept < len(history.rows) == len(again.rows) < 9
    assert tiny.measured(again) == tiny.measured(history) and tiny.same_weights(model, whole)
    assert (tmp_path / "log.csv").read_text() == (apart / "log.csv").read_text()
    assert {path.name for path in tmp_path.glob("*.h5")} == {path.name for path in apart.glob("*.h5")}


def test_a_training_that_was_at_its_end_is_only_ended(tiny: ModuleType, tmp_path: Path) -> None:
    from mnistspec.training.checkpoint_folder import newest
    from mnistspec.training.resumable import Resumption

    stop = tiny.callback("EarlyStopping", monitor="loss", mode="max", patience=2, restore_best_weights=True)
    fit: dict[str, Any] = {"epochs": 9, "callbacks": (stop,), "checkpoint": "epoch"}
    whole, model = tiny.model(), tiny.model()
    history = tiny.fit(whole, tmp_path, **fit)
    found = newest(tmp_path / "checkpoint", pytest.fail)
    assert found is not None and found[1].stopped
    steps: list[int] = []
    listener = tiny.Listening(step_ends=lambda epoch, step: steps.append(step))
    again = tiny.fit(model, tmp_path, resumption=Resumption(found[1]), listener=listener, **fit)
    assert steps == [] and (again.rows, again.kept) == (history.rows, history.kept)
    assert tiny.same_weights(model, whole)


def test_a_damaged_state_is_told_and_the_one_before_it_used(tiny: ModuleType, tmp_path: Path) -> None:
    from mnistspec.training.checkpoint_folder import newest
    from mnistspec.training.state import Position

    tiny.fit(tiny.model(), tmp_path, checkpoint="epoch", epochs=3)
    last = tmp_path / "checkpoint" / "000003.npz"
    last.write_bytes(last.read_bytes()[:-100])
    told: list[str] = []
    found = newest(tmp_path / "checkpoint", told.append)
    assert found is not None and found[1].position == Position(2)
    assert len(told) == 1 and "000003.npz` is damaged" in told[0] and not last.exists()


def test_a_state_that_cannot_be_read_is_left_as_it_is_and_told(tiny: ModuleType, tmp_path: Path) -> None:
    """It may be whole: an older one in its place would have it overtaken, and at last taken away."""
    from mnistspec.training.checkpoint_folder import newest

    tiny.fit(tiny.model(), tmp_path, checkpoint="epoch", epochs=2)
    (tmp_path / "checkpoint" / "000003.npz").symlink_to("not mounted")
    with pytest.raises(
        UsageError, match=r"000003.npz` cannot be read \(No such file or directory\); it is left as it is"
    ):
        newest(tmp_path / "checkpoint", pytest.fail)
    assert len(list((tmp_path / "checkpoint").iterdir())) == 3


def test_a_folder_in_a_states_place_is_told_and_passed_over(tiny: ModuleType, tmp_path: Path) -> None:
    from mnistspec.training.checkpoint_folder import newest
    from mnistspec.training.resumable import Resumption

    tiny.fit(tiny.model(), tmp_path, checkpoint="epoch", epochs=2)
    (tmp_path / "checkpoint" / "000003.npz").mkdir()
    told: list[str] = []
    found = newest(tmp_path / "checkpoint", told.append)
    assert found is not None and found[0].name == "000002.npz" and "000003.npz` is a folder" in told[0]
    tiny.fit(tiny.model(), tmp_path, checkpoint="epoch", epochs=5, resumption=Resumption(found[1]))
    assert sorted(path.name for path in (tmp_path / "checkpoint").iterdir()) == [
        "000003.npz", "000005.npz", "000006.npz",
    ]  # fmt: skip


def test_a_disk_that_fails_while_a_state_is_read_is_told(
    tiny: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mnistspec.training import state_file
    from mnistspec.training.checkpoint_folder import newest

    def failing(*given: object, **named: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    tiny.fit(tiny.model(), tmp_path, checkpoint="epoch", epochs=2)
    before = sorted((tmp_path / "checkpoint").iterdir())
    monkeypatch.setattr(state_file.np, "load", failing)
    with pytest.raises(UsageError, match="cannot be read"):
        newest(tmp_path / "checkpoint", pytest.fail)
    assert sorted((tmp_path / "checkpoint").iterdir()) == before


def test_the_state_of_another_model_is_refused(tiny: ModuleType, tmp_path: Path) -> None:
    from mnistspec.training.checkpoint_folder import newest
    from mnistspec.training.resumable import Resumption

    tiny.fit(tiny.model(dropout=0.4), tmp_path, checkpoint="epoch")
    found = newest(tmp_path / "checkpoint", pytest.fail)
    assert found is not None
    with pytest.raises(UsageError, match="another model"):
        tiny.fit(tiny.model(), tmp_path, resumption=Resumption(found[1]), checkpoint="epoch", epochs=3)


@pytest.mark.parametrize("problem", ["another version", "memory"])
def test_a_whole_state_that_cannot_be_used_here_is_not_taken_for_a_damaged_one(
    tiny: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: str
) -> None:
    from mnistspec.training import checkpoint_folder
    from mnistspec.training.state_file import OtherFormat

    def failing(path: Path) -> None:
        raise OtherFormat if problem == "another version" else MemoryError

    tiny.fit(tiny.model(), tmp_path, checkpoint="epoch", epochs=2)
    before = sorted((tmp_path / "checkpoint").iterdir())
    monkeypatch.setattr(checkpoint_folder, "read_state", failing)
    with pytest.raises(UsageError, match=f"000002.npz` cannot be read .*{problem}.*; it is left as it is"):
        checkpoint_folder.newest(tmp_path / "checkpoint", pytest.fail)
    assert sorted((tmp_path / "checkpoint").iterdir()) == before
