"""How a kind reads in a message."""

from __future__ import annotations

import pytest

from mnistspec.catalogue.argument_kinds import BY_CLASS, EVERYWHERE
from mnistspec.catalogue.kinds import parse_kind
from mnistspec.catalogue.words import describe_kind

NOTATIONS = sorted({*EVERYWHERE, *(kind for by_class in BY_CLASS.values() for kind in by_class.values())})


@pytest.mark.parametrize("notation", NOTATIONS)
def test_every_kind_of_the_table_has_words(notation: str) -> None:
    assert describe_kind(parse_kind(notation))


@pytest.mark.parametrize(
    ("notation", "words"),
    [
        ("int>=1", "an integer of at least 1"),
        ("float[0,1)", "a number from 0 to under 1"),
        ("float(0,1]", "a number from above 0 to 1"),
        ("float>0 | null", "a number above 0 or null"),
        ("float<=0", "a number of at most 0"),
        ("int>=1 | int[-1,-1]", "an integer of at least 1 or an integer equal to -1"),
        ("int>=1 | list(int>=1,2)", "an integer of at least 1 or a list of 2 integers of at least 1"),
        ("list(int>=1,1)", "a list of one item, an integer of at least 1"),
        ("list(float,2,4)", "a list of 2 to 4 numbers"),
        ("list(str) | str | null", "a list of strings, a string or null"),
        ("'valid' | 'same'", "`valid` or `same`"),
        ("@initializers | null", "an initializer or null"),
        ("list(@cells,1,64)", "a list of 1 to 64 cells"),
        ("map(str)", "a map of strings"),
        ("dtype | null", "a dtype such as `float32` or null"),
    ],
)
def test_reads_well_in_a_message(notation: str, words: str) -> None:
    assert describe_kind(parse_kind(notation)) == words
