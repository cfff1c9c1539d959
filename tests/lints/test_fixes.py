"""A fix mends what it is about: the text after it no longer has the finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnistspec import check
from mnistspec.diagnostics import Diagnostic

_GOLDEN = Path(__file__).parent.parent / "golden" / "err"
_WARNED = sorted(
    out.with_suffix(".yaml") for out in _GOLDEN.glob("*.out") if "warning[W5" in out.read_text("utf-8")
)  # fmt: skip


def _mended(text: str, found: Diagnostic) -> str:
    assert found.fix is not None
    return text[: found.fix.span.start] + found.fix.text + text[found.fix.span.end :]


@pytest.mark.parametrize("spec", _WARNED, ids=lambda path: path.stem)
def test_a_warning_with_a_fix_is_gone_after_it(spec: Path) -> None:
    text = spec.read_text("utf-8")
    before = check(text).diagnostics
    for found in before:
        if found.fix is None or not found.code.startswith("W"):
            continue
        after = check(_mended(text, found)).diagnostics
        assert len(after) < len(before), (found, after)
        assert not any((left.code, left.message) == (found.code, found.message) for left in after)
        # A name that is one slip from what is measured is a misspelling; all else is a choice between two ways.
        assert found.fix.certain == (found.code == "W501"), found


def test_some_warnings_have_fixes() -> None:
    fixed = {found.code for spec in _WARNED for found in check(spec.read_text("utf-8")).diagnostics if found.fix}
    assert {"W501", "W503", "W504", "W511", "W513", "W515", "W516"} <= fixed
