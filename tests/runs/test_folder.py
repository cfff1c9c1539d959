from __future__ import annotations

import errno
import json
import math
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mnistspec.diagnostics import OutputFailed
from mnistspec.runs.folder import (
    digest_of,
    discard,
    in_its_own_folder,
    json_text,
    new_folder,
    write_json,
    write_text,
    write_whole,
    writing,
)

needs_rights = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="the system keeps rights otherwise")


class TestNumbers:
    def test_runs_are_numbered_from_one_and_padded(self, tmp_path: Path) -> None:
        assert [new_folder(tmp_path, "a").name for _ in range(3)] == ["001", "002", "003"]
        assert new_folder(tmp_path, "b") == tmp_path / "b" / "001"

    def test_the_next_number_is_above_the_highest_and_other_names_do_not_count(self, tmp_path: Path) -> None:
        for name in ("007", "notes", "12b", "1000", "²"):
            (tmp_path / "a" / name).mkdir(parents=True)
        assert new_folder(tmp_path, "a").name == "1001"

    def test_a_number_taken_by_a_file_is_passed_over(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "001").write_text("a file")
        assert new_folder(tmp_path, "a").name == "002"

    def test_many_threads_at_once_get_a_folder_each(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            folders = list(pool.map(lambda _: new_folder(tmp_path, "a"), range(40)))
        assert len(set(folders)) == 40 and all(folder.is_dir() for folder in folders)

    def test_two_programs_at_once_get_a_folder_each(self, tmp_path: Path) -> None:
        program = (
            "import sys; from pathlib import Path; from mnistspec.runs.folder import new_folder\n"
            "for _ in range(30): print(new_folder(Path(sys.argv[1]), 'a').name)"
        )
        command = [sys.executable, "-c", program, str(tmp_path)]
        both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        names = [name for process in both for name in process.communicate()[0].split()]
        assert sorted(names) == [f"{number:03d}" for number in range(1, 61)]

    def test_discarding_the_only_run_takes_its_name_s_folder_too(self, tmp_path: Path) -> None:
        first, second = new_folder(tmp_path, "a"), new_folder(tmp_path, "a")
        (first / "file").write_text("x")
        discard(first)
        assert list((tmp_path / "a").iterdir()) == [second]
        discard(second)
        assert not list(tmp_path.iterdir())


class TestFailures:
    @pytest.mark.parametrize(
        ("number", "said"),
        [
            (errno.EACCES, "may not be written"),
            (errno.EROFS, "may not be"),
            (errno.ENOSPC, "disk is full"),
            (errno.EFBIG, "is larger than files may be"),
            (errno.EIO, "could not be"),
        ],
    )
    def test_a_folder_that_cannot_be_made_is_told_with_a_way_out(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
    ) -> None:
        def fail(*arguments: object, **named: object) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(Path, "mkdir", fail)
        with pytest.raises(OutputFailed, match=said) as caught:
            new_folder(tmp_path, "a")
        assert caught.value.exit_code == 2 and str(tmp_path / "a") in str(caught.value)
        assert "--out" in str(caught.value) or number == errno.EIO

    @pytest.mark.parametrize(
        ("number", "way"), [(errno.EROFS, "allow it, or "), (errno.ENOSPC, "free some space, or ")]
    )
    def test_a_run_that_is_taken_up_has_no_other_folder(self, tmp_path: Path, number: int, way: str) -> None:
        with pytest.raises(OutputFailed) as caught, in_its_own_folder(), writing(tmp_path):
            raise OSError(number, os.strerror(number))
        assert f"{way}copy the run's folder to another place" in str(caught.value) and "--out" not in str(caught.value)

    def test_other_failures_of_a_run_that_is_taken_up_are_told_as_ever(self, tmp_path: Path) -> None:
        with pytest.raises(OutputFailed) as caught, in_its_own_folder(), writing(tmp_path):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        assert str(caught.value).endswith("could not be written: Input/output error")

    def test_a_folder_in_a_files_place_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").mkdir()
        with pytest.raises(OutputFailed, match="since a folder stands in its place; move that away"):
            write_text(tmp_path / "a.txt", "x")

    def test_a_file_in_the_way_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "runs").write_text("a file")
        with pytest.raises(OutputFailed, match="a file stands in its place"):
            new_folder(tmp_path / "runs", "a")

    def test_a_full_disk_leaves_the_old_file_and_nothing_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "a.txt"
        write_text(path, "old")

        def full(descriptor: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OutputFailed, match="disk is full"):
            write_text(path, "new")
        assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize("failure", [ValueError("ours"), KeyboardInterrupt()])
    def test_whatever_stops_the_writing_leaves_nothing_behind(self, tmp_path: Path, failure: BaseException) -> None:
        def fill(temporary: Path) -> None:
            temporary.write_text("half")
            raise failure

        with pytest.raises(type(failure)):
            write_whole(tmp_path / "a.txt", fill)
        assert not list(tmp_path.iterdir())

    def test_a_folder_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(OutputFailed, match="could not be written"):
            write_text(tmp_path / "gone" / "a.txt", "x")


class TestWriting:
    def test_the_temporary_file_has_the_whole_ending_in_the_same_folder(self, tmp_path: Path) -> None:
        seen: list[Path] = []

        def fill(temporary: Path) -> None:
            seen.append(temporary)
            temporary.write_bytes(b"weights")

        write_whole(tmp_path / "model.weights.h5", fill)
        assert seen[0].parent == tmp_path and seen[0].name.endswith(".weights.h5")
        assert [path.name for path in tmp_path.iterdir()] == ["model.weights.h5"]

    @pytest.mark.skipif(os.name == "nt", reason="Windows replaces no file that is open")
    def test_who_reads_the_old_file_goes_on_reading_it_whole(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        write_text(path, "old")
        with path.open() as reader:
            write_text(path, "the new text")
            assert reader.read() == "old" and path.read_text() == "the new text"

    def test_text_is_written_letter_for_letter(self, tmp_path: Path) -> None:
        text = "é\r\nb\n\rc \u2028\n"
        write_text(tmp_path / "a.txt", text)
        assert (tmp_path / "a.txt").read_bytes() == text.encode()

    @needs_rights
    def test_others_may_read_what_the_umask_lets_them(self, tmp_path: Path) -> None:
        before = os.umask(0o027)
        try:
            write_text(tmp_path / "a.txt", "x")
            assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o640 and os.umask(0o027) == 0o027
        finally:
            os.umask(before)

    def test_json_is_json_for_every_reader(self, tmp_path: Path) -> None:
        data = {"loss": math.nan, "all": [math.inf, -math.inf, 1.5, (2, None)], "word": "ü", "n": 3}

        def refuse(word: str) -> None:
            raise AssertionError(word)

        write_json(tmp_path / "a.json", data)
        read = json.loads((tmp_path / "a.json").read_text("utf-8"), parse_constant=refuse)
        assert read == {"loss": None, "all": [None, None, 1.5, [2, None]], "word": "ü", "n": 3}
        assert json_text(data) + "\n" == (tmp_path / "a.json").read_text("utf-8")

    def test_a_digest_is_that_of_the_bytes(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"abc")
        assert digest_of(tmp_path / "a") == {
            "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "bytes": 3,
        }
