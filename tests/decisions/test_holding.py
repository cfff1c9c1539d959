from __future__ import annotations

from typing import Any

import pytest

from mnistspec.decisions import Decision
from tests.decisions.deciding import decided

_DATA = {"source": "mnist_sample", "prepare": {"x": [{"reshape": [784]}, {"rescale": 255}]}}


def held(data: dict[str, Any] | None = None, **more: Any) -> Decision:
    return decided(data=_DATA | (data or {}), **more).hold


def test_bytes_stay_bytes_and_the_reason_names_them() -> None:
    found = held()
    assert found.value == "stored" and "`x` is uint8" in found.reason


def test_a_spec_that_chooses_is_followed() -> None:
    assert held({"hold": "prepared"}).value == "prepared"
    assert held({"hold": "stored"}, accelerated=True).value == "stored"


@pytest.mark.parametrize(
    ("data", "more", "named"),
    [
        ({"prepare": {"x": [{"reshape": [784]}]}}, {}, "no input"),
        ({}, {"accelerated": True}, "a GPU"),
        ({}, {"backend": "jax"}, "jax"),
        ({}, {"compiled": {"run_eagerly": True}}, "run_eagerly"),
    ],
)
def test_all_else_is_prepared_beforehand_and_the_reason_names_why(
    data: dict[str, Any], more: dict[str, Any], named: str
) -> None:
    found = held(data, **more)
    assert found.value == "prepared" and named in found.reason
