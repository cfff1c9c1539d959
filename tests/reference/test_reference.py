"""`docs/reference.md`: fresh, complete, and true of the checker."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from mnistspec.catalogue import load
from mnistspec.language import NESTED
from mnistspec.reference import Section, sections
from mnistspec.reference import __main__ as command
from mnistspec.reference.examples import Example, example, told_keys
from mnistspec.reference.page import anchor, docs_file, page
from tests.stale import assert_told_and_made_fresh

_KEYS = [(section, key) for section in sections() for key in section.record.fields]


@pytest.fixture(scope="module")
def examples() -> dict[str, Example]:
    return {section.key(key): example(section, key) for section, key in _KEYS}


def test_the_page_is_fresh() -> None:
    assert docs_file().read_text("utf-8") == page(), "run `python -m mnistspec.reference`"


def test_expressions_and_defaults_stand_as_a_spec_has_them() -> None:
    assert "$${" not in page() and "!!python" not in page()


def test_every_example_is_in_order(examples: dict[str, Example]) -> None:
    wrong = {key: tried.found for key, tried in examples.items() if tried.found}
    assert not wrong, "give these keys an example in mnistspec/reference/examples.yaml, or a frame in frames.yaml"


def test_every_mistake_is_found(examples: dict[str, Example]) -> None:
    silent = [key for key, tried in examples.items() if not tried.said]
    assert not silent, "give these keys a mistake in mnistspec/reference/examples.yaml"


def test_every_example_that_is_told_is_of_a_key() -> None:
    assert told_keys() <= {section.key(key) for section, key in _KEYS}


def test_every_key_and_every_namespace_has_a_heading() -> None:
    headings = re.findall(r"^##+ (.+)$", page(), re.MULTILINE)
    assert {f"`{section.key(key)}`" for section, key in _KEYS} <= set(headings)
    assert load().namespaces.keys() <= set(headings)
    assert {"`fit.epochs`", "`data.source.csv.label`", "`model.layers.use.block`", "`model.layers.LAYER.from`"} <= set(
        headings
    )


def test_every_form_of_an_entry_of_layers_has_its_keys_on_the_page() -> None:
    known = {section.key(key) for section, key in _KEYS}
    nested = {f"model.layers.{name}.{key}" for name, record in NESTED.items() for key in record.fields}
    assert nested | {"model.layers.python.object", "model.layers.share.identity"} <= known


def test_every_link_within_the_page_leads_to_one_heading() -> None:
    headings = [anchor(heading) for heading in re.findall(r"^##+ (.+)$", page(), re.MULTILINE)]
    assert len(headings) == len(set(headings)), "two headings of one name"
    assert set(re.findall(r"\]\(#([^)]+)\)", page())) <= set(headings)


def test_a_key_without_an_example_of_its_own_gets_one_by_its_kind() -> None:
    rate = Section("fit", next(section.record for section in sections() if section.name == "fit"))
    tried = example(rate, "shuffle")
    assert "fit.shuffle" not in told_keys()
    assert tried.shown == {"fit": {"shuffle": False}}
    assert tried.said[0].code == "E203"


def test_no_place_of_this_machine_is_on_the_page() -> None:
    assert str(docs_file().parents[1]) not in page()


def test_check_tells_a_stale_page_and_writing_makes_it_fresh(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path
) -> None:
    assert_told_and_made_fresh(command, "docs_file", tmp_path / "reference.md", page(), monkeypatch, capsys)
