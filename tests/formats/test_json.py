"""The array for programs holds what every program can read."""

from __future__ import annotations

import json

from mnistspec.formats.json import render
from tests.formats.making import finding, findings


def test_half_a_surrogate_pair_becomes_a_letter_that_utf_8_has() -> None:
    (found,) = json.loads(render(findings(finding(name="a\udc80.yaml"))).encode("utf-8"))
    assert found["path"] == "a\ufffd.yaml"


def test_other_letters_stay_as_they_are() -> None:
    assert "é.yaml" in render(findings(finding(name="é.yaml")))
