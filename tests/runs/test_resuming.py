"""Which run is meant, and what differs, told without Keras."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mnistspec.diagnostics import UsageError
from mnistspec.exporters.resolved import resolved_text
from mnistspec.parse import read_source
from mnistspec.pipeline import CheckResult, check_source
from mnistspec.runs.environment import versions
from mnistspec.runs.folder import digest_of
from mnistspec.runs.resuming import (
    CannotResume,
    Resuming,
    changed_data,
    changes,
    is_whole,
    number_of,
    reopened,
    require_written_spec,
    run_to_resume,
)
from mnistspec.runs.run import Run, open_run

_SPEC = """
mnistspec: 1
name: tiny
data: {source: mnist_sample, prepare: {x: [{rescale: 255}]}}
model: {kind: sequential, layers: [Flatten, {Dense: {units: 10, activation: softmax}}]}
compile: {optimizer: adam, loss: sparse_categorical_crossentropy}
fit: {epochs: 2}
"""


def spec(path: Path, *overrides: str) -> CheckResult:
    source = read_source(path).value
    assert source is not None
    return check_source(source, overrides=overrides)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run that was killed, as it lies there."""
    return made(tmp_path / "runs" / "tiny" / "001", "running")


def made(folder: Path, status: str) -> Run:
    folder.mkdir(parents=True)
    (folder / "spec.yaml").write_text(_SPEC)
    result = spec(folder / "spec.yaml")
    assert result.spec is not None and result.graph is not None
    (folder / "resolved.yaml").write_text(resolved_text(result.spec, result.graph.graph, seed=0, folder=folder))
    record = {
        "format": 1, "status": status, "seed": 0, "versions": versions(), "data": {"digest": "abc"},
        "resolved_sha256": digest_of(folder / "resolved.yaml")["sha256"],
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(record))
    return open_run(folder)


class TestWhich:
    def test_a_folder_a_folder_of_runs_and_a_name_under_out(self, run: Run, tmp_path: Path) -> None:
        second = made(run.folder.with_name("002"), "finished")
        assert run_to_resume(run.folder, Path("runs")).folder == run.folder
        assert run_to_resume(run.folder.parent, Path("runs")).folder == second.folder
        assert run_to_resume(Path("tiny"), tmp_path / "runs").folder == second.folder

    def test_none(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="there is no run `tiny`"):
            run_to_resume(Path("tiny"), tmp_path)
        (tmp_path / "tiny").mkdir()
        with pytest.raises(UsageError, match=r"no run\.json"):
            run_to_resume(Path("tiny"), tmp_path)

    def test_a_run_is_whole_once_its_digests_are_written(self, run: Run) -> None:
        assert not is_whole(run) and not is_whole(Run(run.folder, {"status": "finished"}))
        assert is_whole(Run(run.folder, {"status": "finished", "artifacts": {}}))


class TestWithoutItsRecord:
    """Its saved states and its spec are there: with them it can go on, if that is wanted."""

    @pytest.fixture
    @staticmethod
    def saved(run: Run) -> Path:
        (run.folder / "checkpoint").mkdir()
        (run.folder / "checkpoint" / "000001.npz").write_bytes(b"a state")
        return run.folder

    @pytest.mark.parametrize("left", [None, "", "{", "[]", '{"status": "running"}', "\0\0\0"])
    def test_it_is_found_and_what_nobody_can_tell_is_said(self, saved: Path, left: str | None) -> None:
        (saved / "run.json").unlink()
        if left is not None:
            (saved / "run.json").write_text(left)
        for path in (saved, saved.parent):
            assert run_to_resume(path, Path("runs")).folder == saved
        run = reopened(saved)
        assert not is_whole(run) and number_of(run) == 1
        require_written_spec(run)
        (told,) = changes(run, spec(saved / "spec.yaml"))
        assert told.startswith("`run.json` is gone or damaged, so that nothing tells whether data and versions are")
        assert "`fit.epochs` was `2` and is `3`" in changes(run, spec(saved / "spec.yaml", "fit.epochs=3"))
        assert changed_data(run, "abc") == ()

    def test_so_is_the_seed_where_the_written_spec_is_lost_too(self, saved: Path) -> None:
        for name in ("run.json", "resolved.yaml"):
            (saved / name).unlink()
        run = reopened(saved)
        assert changes(run, spec(saved / "spec.yaml"))[1:] == ("`resolved.yaml` is gone or damaged",)
        with pytest.raises(UsageError, match=r"nothing in .* tells the seed"):
            changes(run, spec(saved / "spec.yaml", "seed=null"))

    def test_weights_that_it_began_with_are_begun_with_again(self, saved: Path) -> None:
        (saved / "run.json").unlink()
        (saved / "initial.weights.h5").write_bytes(b"weights")
        assert reopened(saved).record["initial_weights"]["bytes"] == 7

    def test_one_without_a_state_or_of_another_version_is_refused(self, run: Run, saved: Path) -> None:
        (saved / "run.json").write_text('{"format": 2}')
        with pytest.raises(UsageError, match="not a record that this version reads"):
            reopened(saved)
        (saved / "checkpoint" / "000001.npz").unlink()
        (saved / "run.json").write_text("{")
        with pytest.raises(UsageError, match="trains anew"):
            reopened(saved)


class TestDifferences:
    def test_none_for_the_spec_as_written_and_as_resolved(self, run: Run) -> None:
        assert changes(run, spec(run.folder / "spec.yaml")) == changes(run, spec(run.folder / "resolved.yaml")) == ()

    def test_settings_are_told_by_their_path(self, run: Run) -> None:
        changed = spec(run.folder / "spec.yaml", "fit.epochs=3", "compile.optimizer={SGD: {learning_rate: 1}}")
        told = changes(run, changed)
        assert "`fit.epochs` was `2` and is `3`" in told
        assert "`compile.optimizer.Adam.beta_1` was `0.9` and is absent" in told
        assert Resuming(run, told, force=False).new_optimizer

    def test_an_edited_file_and_other_versions_are_told(self, run: Run) -> None:
        (run.folder / "resolved.yaml").write_text((run.folder / "resolved.yaml").read_text() + "# mine\n")
        older = Run(run.folder, {**run.record, "versions": {**versions(), "python": "3.1", "gone": "1"}})
        assert changes(older, spec(run.folder / "spec.yaml")) == (
            "`resolved.yaml` was changed since it was written",
            f"python was 3.1 and is {versions()['python']}",
            "gone was 1 and is absent",
        )

    @pytest.mark.parametrize("left", [None, "", "name: [tiny"])
    def test_without_the_spec_that_was_written_its_digest_tells(self, run: Run, left: str | None) -> None:
        (run.folder / "resolved.yaml").unlink()
        if left is not None:
            (run.folder / "resolved.yaml").write_text(left)
        with pytest.raises(UsageError, match="name the spec: `mnistspec run SPEC --resume"):
            require_written_spec(run)
        assert changes(run, spec(run.folder / "spec.yaml")) == ()
        (told,) = changes(run, spec(run.folder / "spec.yaml", "fit.epochs=3"))
        assert "was written from another spec" in told

    def test_data_are_compared_once_they_were_known(self, run: Run) -> None:
        assert changed_data(run, "abc") == () and len(changed_data(run, "other")) == 1
        assert changed_data(Run(run.folder, {}), "other") == ()

    def test_they_are_refused_in_one_sentence_unless_forced(self, run: Run) -> None:
        with pytest.raises(CannotResume, match=r"not go on as it was: one; two\. `--force`"):
            Resuming(run, ("one",), force=False).require("two")
        Resuming(run, ("one",), force=True).require("two")
        Resuming(run, (), force=False).require()


def test_a_name_that_no_file_can_have_and_a_folder_that_may_not_be_looked_into_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="cannot be read: File name too long"):
        run_to_resume(Path("x" * 300), tmp_path)

    def refused(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refused)
    for look in (lambda: run_to_resume(tmp_path, tmp_path), lambda: open_run(tmp_path)):
        with pytest.raises(UsageError, match=r"run\.json` cannot be read: Permission denied"):
            look()
