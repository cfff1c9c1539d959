"""Names of definitions: no two kinds share one, and each can stand in a reference as it is."""

from __future__ import annotations

import re

import pytest

from mnistspec.catalogue import load
from mnistspec.catalogue.kinds import parse_kind
from mnistspec.data_language import SOURCE
from mnistspec.json_schema.names import definition_name


@pytest.mark.parametrize(
    ("notation", "name"),
    [
        ("int>=1 | null", "int-from-1-or-null"),
        ("float(0,1]", "float-above-0-to-1"),
        ("float<=0", "float-to-0"),
        ("'valid' | 'same'", "'valid'-or-'same'"),
        ("list(@cells,1,64)", "list-of-1-to-64-cells"),
        ("int | list(int | null,2)", "int-or-list-of-2-(int-or-null)"),
        ("map(float)", "map-of-float"),
        ("code | dtype | bool | str", "code-or-dtype-or-bool-or-str"),
    ],
)
def test_a_name_spells_the_notation(notation: str, name: str) -> None:
    assert definition_name(parse_kind(notation)) == name


def test_a_choice_of_the_language_is_named_by_its_title() -> None:
    assert definition_name(SOURCE) == "data-source"


def test_kinds_of_all_arguments_have_names_of_their_own() -> None:
    classes = [facts for namespace in load().namespaces.values() for facts in namespace.classes.values()]
    kinds = {argument.kind for facts in classes for argument in facts.arguments.values()}
    names = {definition_name(kind) for kind in kinds}
    assert len(names) == len(kinds)
    assert all(re.fullmatch(r"[A-Za-z0-9_.'()-]+", name) for name in names)
