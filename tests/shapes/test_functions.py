"""Which functions of `keras.ops` have a rule."""

from __future__ import annotations

from mnistspec.catalogue import load
from mnistspec.shapes.ops import FUNCTIONS


def test_every_function_that_a_spec_may_call_has_a_rule() -> None:
    admitted = {name for name, facts in load()["ops"].classes.items() if not facts.refused}
    assert FUNCTIONS.keys() == admitted
