from __future__ import annotations

from dataclasses import replace

import pytest

from mnistspec.datasets.facts import NOTHING_KNOWN, UNKNOWN, ArrayFacts, DataFacts
from mnistspec.datasets.unchanged import require_as_checked
from mnistspec.diagnostics import BadData

_X, _Y = ArrayFacts((28, 28, 1), "float32"), ArrayFacts((), "int64", classes=10)
_FOUND = DataFacts({"x": _X}, {"y": _Y}, train=100)


@pytest.mark.parametrize(
    "checked",
    [
        None,
        NOTHING_KNOWN,
        _FOUND,
        replace(_FOUND, x={"x": ArrayFacts((None, 28, 1), None)}, y={"y": replace(_Y, classes=None)}, train=90),
    ],
)
def test_what_was_known_and_what_is_found_agree(checked: DataFacts | None) -> None:
    require_as_checked(checked, _FOUND)


@pytest.mark.parametrize(
    ("checked", "told"),
    [
        (
            replace(_FOUND, x={"x": ArrayFacts((28, 28), None)}),
            "`x` had examples of shape (28, 28), and has (28, 28, 1)",
        ),
        (replace(_FOUND, x={"x": ArrayFacts((None, 14, 1), None)}), "`x` had examples of shape (None, 14, 1), and has"),
        (replace(_FOUND, x={"x": replace(_X, dtype="uint8")}), "`x` had values of dtype uint8, and has float32"),
        (replace(_FOUND, y={"y": replace(_Y, classes=3)}), "`y` had 3 classes, and has 10"),
        (replace(_FOUND, x={"x": _X, "z": UNKNOWN}), "`z` was there, and is not any more"),
    ],
)
def test_another_form_is_told_by_the_array(checked: DataFacts, told: str) -> None:
    with pytest.raises(BadData) as caught:
        require_as_checked(checked, _FOUND)
    assert f"the data were changed while the run began: {told}" in str(caught.value)
