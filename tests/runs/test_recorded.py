from __future__ import annotations

import pytest

from mnistspec.runs.recorded import misformed


def test_what_runs_write_is_passed() -> None:
    record = {"status": "running", "seed": 0, "timings": {}, "metrics": {"train": None, "test": {"loss": None}}}
    more = {"verification": None, "resumed": [{"epoch": 1}], "timings": {"fit": 1, "total": 2.5}, "mine": object()}
    assert misformed(record) is None and misformed(record | more) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seed", "0"),
        ("seed", None),
        ("timings", []),
        ("timings", {"fit": "long"}),
        ("versions", "3.15"),
        ("versions", {"keras": 3}),
        ("metrics", {"test": 1}),
        ("data", None),
        ("resumed", {}),
        ("resumed", [1]),
        ("number", "001"),
    ],
)
def test_what_none_writes_is_told_by_its_key(key: str, value: object) -> None:
    assert misformed({"status": "running", key: value}) == key
