"""The notation of kinds: what it reads, and what it refuses."""

from __future__ import annotations

import pytest

from mnistspec.catalogue.kinds import (
    AnyData,
    Boolean,
    Code,
    DType,
    Either,
    Listing,
    Null,
    Number,
    Object,
    Table,
    Text,
    Word,
    parse_kind,
)


@pytest.mark.parametrize(
    ("notation", "kind"),
    [
        ("any", AnyData()),
        ("null", Null()),
        ("bool", Boolean()),
        ("str", Text()),
        ("dtype", DType()),
        ("code", Code()),
        ("'valid'", Word("valid")),
        ("@layers", Object("layers")),
        ("int", Number(True)),
        ("int>=1", Number(True, 1)),
        ("float>0", Number(False, 0, open_minimum=True)),
        ("float<=0", Number(False, maximum=0)),
        ("float<1", Number(False, maximum=1, open_maximum=True)),
        ("float[0,1)", Number(False, 0, 1, open_maximum=True)),
        ("float(-1,1]", Number(False, -1, 1, open_minimum=True)),
        ("float>=1e-7", Number(False, 1e-7)),
        ("map(str)", Table(Text())),
        ("list(int)", Listing(Number(True))),
        ("list(int,2)", Listing(Number(True), 2, 2)),
        ("list(int,2,4)", Listing(Number(True), 2, 4)),
        ("list(float[0,1),2)", Listing(Number(False, 0, 1, open_maximum=True), 2, 2)),
        ("'a' | null", Either((Word("a"), Null()))),
        ("list(int | null) | int", Either((Listing(Either((Number(True), Null()))), Number(True)))),
    ],
)
def test_reads(notation: str, kind: object) -> None:
    assert parse_kind(notation) == kind


@pytest.mark.parametrize(
    "notation", ["", "integer", "int>=", "list(int", "int |", "int int", "float[0,1", "'open", "list()"]
)
def test_refuses_what_is_no_kind(notation: str) -> None:
    with pytest.raises(ValueError, match="kind notation"):
        parse_kind(notation)
