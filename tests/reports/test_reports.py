"""`write_reports`: from a folder alone, whatever it holds; a clear refusal of what it cannot read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mnistspec.diagnostics import MissingExtra, OutputFailed, UsageError
from mnistspec.reports import write_reports

from . import folders


def test_both_formats_are_written_for_every_kind_of_run(any_folder: Path) -> None:
    before = {path.name for path in any_folder.iterdir()} - {"report.html", "report.md"}
    assert write_reports(any_folder) == (any_folder / "report.html", any_folder / "report.md")
    assert {path.name for path in any_folder.iterdir()} == before | {"report.html", "report.md"}


def test_only_the_formats_asked_for_are_written(tmp_path: Path) -> None:
    folder = folders.interrupted(tmp_path / "run")
    assert write_reports(folder, ("md",)) == (folder / "report.md",)
    assert not (folder / "report.html").exists()
    assert write_reports(folder, ()) == ()


def test_the_same_folder_gives_the_same_bytes_wherever_it_lies(tmp_path: Path) -> None:
    reports = [write_reports(folders.regression(tmp_path / place)) for place in ("here", "there")]
    assert [path.read_bytes() for path in reports[0]] == [path.read_bytes() for path in reports[1]]


def test_a_report_is_as_readable_as_any_other_file(tmp_path: Path) -> None:
    report = write_reports(folders.interrupted(tmp_path / "run"), ("md",))[0]
    assert report.stat().st_mode == (tmp_path / "run" / "run.json").stat().st_mode


def test_a_record_with_nothing_but_its_format_is_reported(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"format": 1, "status": "failed"}')
    html, markdown = write_reports(tmp_path)
    assert "The run failed." in html.read_text() and "The run failed." in markdown.read_text()


def test_an_unknown_format_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no report format 'pdf'"):
        write_reports(folders.interrupted(tmp_path / "run"), ("html", "pdf"))
    assert not (tmp_path / "run" / "report.html").exists()


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a run's folder"):
        write_reports(tmp_path)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("run.json", b"{", "not JSON"),
        ("run.json", b"[" * 100_000, "not JSON"),
        ("run.json", b"[]", "JSON object"),
        ("run.json", b"{}", "no `format`"),
        ("run.json", b'{"format": 99}', "upgrade mnistspec"),
        ("run.json", b'{"format": 1, "metrics": 5}', "`metrics` should be an object"),
        ("run.json", b'{"format": 1, "metrics": {"test": {"loss": []}}}', "`metrics.test.loss` should be a number"),
        ("run.json", b'{"format": 1, "model": {"nodes": [7]}}', r"`model.nodes\[0\]` should be an object"),
        ("history.csv", b"loss\n1\n", "column `epoch`"),
        ("history.csv", b"epoch,loss\n1,high\n", "'high' is not a number"),
        ("history.csv", b"epoch,loss\n,1\n", "a row has no epoch"),
        ("predictions.npz", b"PK\x03\x04 cut off", "cannot be read as an archive"),
        ("predictions.npz", b"\x93NUMPY\x01\x00", "cannot be read as an archive"),
        ("predictions.npz", b"", "cannot be read as an archive"),
    ],
)
def test_a_damaged_file_is_named_with_what_is_wrong(tmp_path: Path, file: str, content: bytes, said: str) -> None:
    folder = folders.classification(tmp_path / "run")
    (folder / file).write_bytes(content)
    with pytest.raises(UsageError, match=said) as refused:
        write_reports(folder)
    assert file in str(refused.value)


@pytest.mark.parametrize(
    ("name", "array", "said"),
    [
        ("prediction_digit", np.array(["a"] * 5), "not numbers"),
        ("target_digit", np.zeros(3), "differ in length"),
        ("sample_image", np.zeros((3, 28, 28)), "differ in length"),
        ("prediction_digit", np.float32(1), "a single number"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path: Path, name: str, array: folders.Array, said: str) -> None:
    arrays = {"prediction_digit": np.zeros((5, 10)), "target_digit": np.zeros(5), "sample_index": np.arange(2)}
    folder = folders.write(tmp_path / "run", folders.record(), None, {**arrays, name: array})
    with pytest.raises(UsageError, match=said):
        write_reports(folder)


def test_predictions_are_never_unpickled(tmp_path: Path) -> None:
    folder = folders.write(tmp_path / "run", folders.record())
    np.savez(folder / "predictions.npz", prediction_digit=np.array([{"a": 1}], dtype=object))
    with pytest.raises(UsageError, match="cannot be read as an archive"):
        write_reports(folder)


def test_a_folder_that_cannot_be_written_to_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: str, **how: str) -> int:
        raise OSError(28, "No space left on device")

    folder = folders.interrupted(tmp_path / "run")
    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutputFailed, match="the disk is full"):
        write_reports(folder)
    assert not list(folder.glob(".*"))


def test_without_numpy_the_light_install_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [name for name in sys.modules if name.startswith("mnistspec.reports.")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(MissingExtra, match="pip install"):
        write_reports(tmp_path)


def test_nothing_of_keras_is_imported(tmp_path: Path) -> None:
    folder = folders.classification(tmp_path / "run")
    script = (
        "import sys, pathlib, mnistspec.reports as reports\n"
        f"reports.write_reports(pathlib.Path({str(folder)!r}))\n"
        "sys.exit(bool({'keras', 'tensorflow', 'PIL'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], timeout=60).returncode == 0


def test_text_that_is_no_valid_unicode_is_written_all_the_same(tmp_path: Path) -> None:
    run = {"format": 1, "status": "finished", "name": "\ud800", "description": "\x00"}
    (tmp_path / "run.json").write_text(json.dumps(run))
    for report in write_reports(tmp_path):
        assert "\N{REPLACEMENT CHARACTER}" in report.read_text(encoding="utf-8")
