"""Warnings that a spec does not want, and names of them that are none."""

from __future__ import annotations

import pytest

from mnistspec import check

_SPEC = """mnistspec: 1
ignore: [{names}]
vars: {{width: 3}}  {comment}
model: {{kind: functional, inputs: {{a: [4]}}, layers: [Flatten, {{Dense: {{units: 3, from: a}}}}]}}
"""


@pytest.mark.parametrize(
    ("names", "comment", "left"),
    [
        ("", "", ["W507", "W506"]),
        ("unused-variable", "", ["W506"]),
        ("unused-node, unused-variable", "", []),
        ("unused-nodes, unused-variable", "", ["E204"]),
        ("unused-node", "# mnistspec: ignore[unusedvariable]", ["E204"]),
        ("", "# mnistspec: ignore[unused-variable]", ["W506"]),
        ("", "# once used; # mnistspec: ignore[unused-node, unused-variable]", ["W506"]),
        ("", "# mnistspec: ignore[unused-node]", ["W507", "W506"]),
        ("", "# mnistspec: ignore[]", ["W507", "W506"]),
    ],
)
def test_ignored_by_name_and_on_the_line(names: str, comment: str, left: list[str]) -> None:
    result = check(_SPEC.format(names=names, comment=comment))
    assert [found.code for found in result.diagnostics] == left


def test_a_misspelt_key_ignores_nothing_and_everything() -> None:
    text = _SPEC.format(names="unused-node", comment="").replace("ignore:", "ignor:")
    assert [found.code for found in check(text).diagnostics] == ["E201"]


def test_an_error_stays_on_a_line_whose_warnings_are_ignored() -> None:
    result = check("mnistspec: 1\nmodel: {kind: x}  # mnistspec: ignore[unused-node]\n")
    assert not result.ok


@pytest.mark.parametrize("name", ["unused-nod", "zebra", "shape-mismatch"])
def test_a_name_that_is_no_warning_is_told_in_both_places(name: str) -> None:
    result = check(_SPEC.format(names=name, comment=f"# mnistspec: ignore[unused-variable, {name}]"))
    wrong = [found for found in result.diagnostics if found.code == "E204"]
    assert [(found.line, found.span.text if found.span else "") for found in wrong] == [(2, name), (3, name)]
