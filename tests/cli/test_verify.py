"""`mnistspec verify`: the same bits, or where and why not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Done

    from mnistspec.runs.run import Run


def test_a_run_that_did_not_finish_is_refused(command: Callable[..., Done], tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"format": 1, "status": "interrupted"}')
    done = command("verify", tmp_path)
    assert done.code == 2 and "did not finish" in done.err


@pytest.mark.keras
class TestVerify:
    def test_a_run_gives_the_same_bits_again_and_is_left_as_it_was(
        self, command: Callable[..., Done], tiny_run: Run
    ) -> None:
        before = {path.name: path.read_bytes() for path in tiny_run.folder.iterdir()}
        done = command("verify", tiny_run.folder)
        assert done.code == 0, done.err
        assert done.out == (
            f"{tiny_run.folder}: the same bits came out in the history, the weights and predictions.npz\n"
        )
        assert {path.name: path.read_bytes() for path in tiny_run.folder.iterdir()} == before

    def test_other_bits_are_told_with_the_epoch_and_the_environment(
        self, command: Callable[..., Done], tiny_run: Run, tmp_path: Path
    ) -> None:
        folder = tmp_path / "001"
        shutil.copytree(tiny_run.folder, folder)
        lines = (folder / "history.csv").read_text().splitlines()
        lines[3] += "1"
        (folder / "history.csv").write_text("\n".join(lines))
        record = json.loads((folder / "run.json").read_text())
        record["versions"]["keras"] = "3.0"
        (folder / "run.json").write_text(json.dumps(record))
        done = command("verify", folder, "--json")
        told = json.loads(done.out)
        assert done.code == 3 and not told["identical"]
        assert told["epoch"] == 3 and (told["weights"], told["predictions"]) == ([], [])
        assert told["changed"] == ["history.csv"]
        assert "`history.csv` was changed since the run wrote it" in command("verify", folder).out
        assert [line.split(" and is ")[0] for line in told["environment"]] == ["versions keras was 3.0"]

    def test_a_file_that_is_gone_is_told_and_other_data_too(
        self, command: Callable[..., Done], tiny_run: Run, tmp_path: Path
    ) -> None:
        folder = tmp_path / "001"
        shutil.copytree(tiny_run.folder, folder)
        (folder / "predictions.npz").unlink()
        lines = (folder / "history.csv").read_text().splitlines()
        (folder / "history.csv").write_text("\n".join([*lines[:-1], lines[-1] + "1"]))
        record = json.loads((folder / "run.json").read_text())
        record["data"]["digest"] = "0" * 64
        (folder / "run.json").write_text(json.dumps(record))
        done = command("verify", folder)
        assert done.code == 3 and "`predictions.npz` is gone since the run wrote it" in done.out
        assert "the data are not the same: their digest differs" in done.out and "nothing that is" not in done.out


def test_without_its_spec_a_run_cannot_be_made_again(command: Callable[..., Done], tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"format": 1, "status": "finished", "artifacts": {}}')
    done = command("verify", tmp_path)
    assert done.code == 2 and "resolved.yaml` is gone" in done.err
