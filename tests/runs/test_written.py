"""What a run recorded of its spec's own Python code, held against what is there now."""

from __future__ import annotations

from mnistspec.runs.written import changed_code


def test_code_that_is_as_it_was_is_not_told() -> None:
    assert changed_code({"python": {"own": "aa"}}, {"own": "aa"}) == ()
    assert changed_code({}, {}) == ()


def test_code_that_was_changed_added_or_taken_away_is_told() -> None:
    told = changed_code({"python": {"own": "aa", "gone": "bb"}}, {"own": "ab", "new": "cc"})
    assert told == tuple(f"the code of `{name}` was changed" for name in ("own", "gone", "new"))
