"""`docs/diagnostics.md` and the command that writes it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from mnistspec.explanations import __main__ as command
from mnistspec.explanations import explained
from mnistspec.explanations.page import docs_file, page
from tests.stale import assert_told_and_made_fresh


def test_the_page_is_fresh() -> None:
    assert docs_file().read_text("utf-8") == page(), "run `python -m mnistspec.explanations`"


def test_every_link_of_the_index_leads_to_a_section() -> None:
    links = re.findall(r"\]\(#([\w-]+)\)", page())
    headings = re.findall(r"^### (.+)$", page(), re.MULTILINE)
    assert links == [heading.lower().replace(" ", "-") for heading in headings]
    assert len(links) == len(explained())


def test_a_section_shows_the_specs_and_what_is_printed() -> None:
    assert "```yaml\nmnistspec: 2\n" in page()
    assert "error[E211]: this program knows version 1" in page()


def test_check_tells_a_stale_page_and_writing_makes_it_fresh(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path
) -> None:
    assert_told_and_made_fresh(command, "docs_file", tmp_path / "diagnostics.md", page(), monkeypatch, capsys)
