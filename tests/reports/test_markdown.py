"""The Markdown report: tables that hold together, and no text that formats itself."""

from __future__ import annotations

import re
from pathlib import Path

from mnistspec.reports.contents import read_folder
from mnistspec.reports.markdown import markdown_report

from . import folders
from .pages import tables, unfenced


def report(folder: Path) -> str:
    return markdown_report(read_folder(folder))


def test_all_rows_of_a_table_have_its_columns(any_folder: Path) -> None:
    found = tables(report(any_folder))
    assert len(found) >= 6
    assert all(len({len(row) for row in rows}) == 1 for rows in found)
    assert all(re.fullmatch(r" -{2,}[-:] ", cell) for rows in found for cell in rows[1])


def test_nothing_from_a_file_becomes_a_tag_or_a_link(tmp_path: Path) -> None:
    outside = unfenced(report(folders.hostile(tmp_path)))
    spans = re.sub(r"(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)", "", outside)
    assert re.findall(r"(?<!\\)<(?!/?details>|/?summary>)", spans) == []
    assert re.findall(r"(?<!\\)\]\(", spans) == []
    assert "second line" in outside and "\u202e" not in outside


def test_a_spec_cannot_end_its_own_block(tmp_path: Path) -> None:
    text = report(folders.hostile(tmp_path))
    assert re.search(r"^````yaml\n# .*\n```\n</code>", text.replace("second line", ""), re.MULTILINE | re.DOTALL)


def test_a_finished_run_is_told_in_full(tmp_path: Path) -> None:
    text = report(folders.classification(tmp_path))
    headings = re.findall(r"^## (.*)$", unfenced(text), re.MULTILINE)
    assert headings[:5] == ["Results", "Learning", "Predictions", "Model", "Data"]
    assert headings[5:] == ["Time", "Environment", "Files and use", "Spec"]
    assert "| test accuracy | 98.12% (train 99.65%, validation 98.13%)" in text
    assert re.search(r"\|\s+✓ 7 \|", text)
    assert "Confusion matrix" in text and "The surest mistakes" in text
    assert "`dense_1`" in text and "407,050" in text


def test_an_interrupted_run_names_what_is_missing(tmp_path: Path) -> None:
    text = report(folders.interrupted(tmp_path))
    assert "Interrupted after 3 of 10 epochs." in text
    assert "There are no predictions" in text and "No model was saved" in text


def test_a_long_history_is_thinned_but_keeps_its_ends_and_the_kept_epoch(tmp_path: Path) -> None:
    folder = folders.write(tmp_path, folders.record(), folders.history(600))
    history = next(rows for rows in tables(report(folder)) if rows[0][0].strip() == "epoch")
    epochs = [row[0].strip() for row in history[2:]]
    assert len(epochs) <= 33 and {"1", "✓ 7", "600"} <= set(epochs)


def test_divergence_is_said_loudly(tmp_path: Path) -> None:
    text = report(folders.diverged(tmp_path))
    assert "> **Not a number: train loss, validation loss, test loss.** Training diverged" in text
    assert "NaN" in text
