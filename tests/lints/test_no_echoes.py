"""A misspelt word is one mistake: no lint echoes it, whatever it makes the model or its training look like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mnistspec import check

pytestmark = pytest.mark.slow

# Data files are looked for beside the spec, and only texts are checked here.
_EXAMPLES = sorted((Path(__file__).parents[2] / "specs").glob("*.yaml"))
_SPECS = [path for path in _EXAMPLES if "path: data/" not in path.read_text("utf-8")]


def _misspelt(text: str) -> Iterator[str]:
    """The text with a letter too many in one of its words, for each word outside comments."""
    for word in re.finditer(r"[A-Za-z_]{3,}", text):
        before = text[text.rfind("\n", 0, word.start()) + 1 : word.start()]
        if "#" not in before:
            yield text[: word.end() - 1] + text[word.start()] + text[word.end() - 1 :]


@pytest.mark.parametrize("spec", _SPECS, ids=lambda path: path.stem)
def test_a_misspelt_word_brings_no_warning_beside_its_error(spec: Path) -> None:
    for text in _misspelt(spec.read_text("utf-8")):
        found = check(text).diagnostics
        errors = [diagnostic for diagnostic in found if diagnostic.code.startswith("E")]
        assert not errors or len(errors) == len(found), [str(diagnostic) for diagnostic in found]
