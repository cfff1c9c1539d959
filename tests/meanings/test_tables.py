"""The tables of meanings: every name is one that is in scope somewhere, every word is written as it is looked up."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from mnistspec.catalogue import load
from mnistspec.catalogue.kinds import Record, Tagged
from mnistspec.data_language import DATA, SOURCE, STEP
from mnistspec.language import SPEC
from mnistspec.meanings import _TABLES, form, meanings
from mnistspec.meanings.elsewhere import REMARKS

_NAMESPACES = {name: set(load()[name].names()) for name in load().namespaces}
_WITH_ARGUMENTS = [name for name in load().namespaces if f"arguments of {name}" in {*_TABLES, *REMARKS}]


def _arguments(namespace: str) -> set[str]:
    own = {"from", "name", "call"} if namespace == "layers" else set()
    return own | {argument for facts in load()[namespace].classes.values() for argument in facts.arguments}


def _sections() -> dict[str, set[str]]:
    records = [SPEC, *(field.kind for field in (*SPEC.fields.values(), *DATA.fields.values()))]
    found = {record.title: set(record.fields) for record in records if isinstance(record, Record)}
    tags = [kind for kind in (SOURCE, STEP) if isinstance(kind, Tagged)]
    options = {name: set(record.fields) for kind in tags for name, record in kind.options.items()}
    return {**found, **options, **{kind.title: set(kind.options) for kind in tags}}


def _scope(context: str) -> set[str] | None:
    """The names that a context may mean; None where they are not known beforehand."""
    if context.startswith("arguments of "):
        return _arguments(context.removeprefix("arguments of "))
    return _NAMESPACES.get(context) or _sections().get(context)


def _names(table: str) -> Iterable[str]:
    for line in table.splitlines():
        names = line.partition(":")[0].strip()
        yield from names.split("/") if names else ()


@pytest.mark.parametrize("context", _TABLES)
def test_a_name_of_the_table_is_in_scope_there(context: str) -> None:
    scope = _scope(context)
    if scope is None:
        assert context in {"an input", "limit", "call arguments", "monitor", "a word"}
        return
    assert [name for name in _names(_TABLES[context]) if name not in scope] == []


@pytest.mark.parametrize("context", _TABLES)
def test_a_word_of_the_table_is_found(context: str) -> None:
    for line in _TABLES[context].splitlines():
        for word in line.partition(":")[2].split():
            assert meanings(word.rstrip("?"), context), word


@pytest.mark.parametrize("context", REMARKS)
def test_a_word_without_counterpart_is_written_as_it_is_looked_up(context: str) -> None:
    assert [word for word in REMARKS[context] if form(word) != word] == []
    assert _scope(context) is not None


def test_no_word_means_what_is_a_name_itself_there() -> None:
    """A word that is in scope is never asked about; in a table it would be a line that does nothing."""
    for context in _TABLES:
        scope = {form(name) for name in (load()[context].classes if context in _NAMESPACES else _scope(context) or ())}
        if not context.startswith("arguments of "):
            words = {word.rstrip("?") for line in _TABLES[context].splitlines() for word in line.split(":")[-1].split()}
            assert words & scope == set(), context
