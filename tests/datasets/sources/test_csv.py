from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnistspec.datasets import facts_of, prepared_facts
from mnistspec.datasets.facts import ArrayFacts
from mnistspec.diagnostics import BadData, DataUnavailable

from ..making import counts, data_of, loaded, source_of, write

FLOWERS = "width,height,kind\n" + "".join(f"{i}.5,{i * 2},{'iris' if i % 3 else 'aster'}\n" for i in range(30))


def test_words_become_class_ids_in_alphabetical_order(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", FLOWERS)
    text = "source: {csv: {path: a.csv, label: kind}}"
    facts = prepared_facts(data_of(text), tmp_path)
    data = loaded(text, tmp_path)
    assert data.class_names == facts.class_names == ("aster", "iris")
    assert facts.y["y"] == ArrayFacts((), "int64", 0, 1, 2) == data.facts.y["y"]
    assert (facts.train, facts.test) == (24, 6) == (data.train.size, data.test.size)
    assert counts(data.test.y["y"]) == {0: 2, 1: 4}
    assert data.train.x["x"].shape == (24, 2) and data.train.x["x"].dtype == np.float32
    row = int(data.test.indices[0])
    assert data.test.x["x"][0].tolist() == [row + 0.5, row * 2]


def test_facts_of_an_absent_file_know_what_the_options_tell(tmp_path: Path) -> None:
    facts = facts_of(source_of("{csv: {path: a.csv, label: y, features: {in: [a, b], out: [t]}, text: [t]}}"), tmp_path)
    assert facts.x == {"in": ArrayFacts((2,), "float32"), "out": ArrayFacts((1,), "string")}
    assert facts_of(source_of("{csv: {path: a.csv, label: y}}"), tmp_path).x["x"].shape is None
    with pytest.raises(DataUnavailable, match=r"a\.csv: cannot be read"):
        loaded("source: {csv: {path: a.csv, label: y}}", tmp_path)


def test_facts_of_a_long_file_leave_open_what_only_reading_it_shows(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "a,b\n" + "1,0\n" * 2000)
    facts = facts_of(source_of("{csv: {path: a.csv, label: b}}"), tmp_path)
    assert (facts.train, facts.y["y"]) == (None, ArrayFacts((), "int64"))


def test_numbers_stay_numbers(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "a,n,f\n" + "1,2,0.5\n2,5,1\n" * 5)
    whole = loaded("source: {csv: {path: a.csv, label: n, features: [a]}}", tmp_path)
    assert whole.train.y["y"].dtype == np.int64 and whole.facts.y["y"].classes == 6
    assert loaded("source: {csv: {path: a.csv, label: f, features: [a]}}", tmp_path).train.y["y"].dtype == np.float32
    several = loaded("source: {csv: {path: a.csv, label: [n, f]}}", tmp_path)
    assert several.train.y["y"].shape == (8, 2) and several.train.x["x"].shape == (8, 1)
    named = loaded("source: {csv: {path: a.csv, label: {count: n, share: f}}}", tmp_path)
    assert list(named.train.y) == ["count", "share"]


def test_categories_know_only_the_words_of_the_training_rows(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "town,y\n" + "".join(f"town{i},{i % 2}\n" for i in range(20)))
    data = loaded("source: {csv: {path: a.csv, label: y, categories: [town]}}\nvalidation: 0.25", tmp_path)
    assert data.train.x["x"].dtype == np.int32
    assert sorted(data.train.x["x"][:, 0]) == list(range(1, 13))
    assert data.validation.x["x"].max() == 0 and data.test.x["x"].max() == 0
    words = data.preparation.layout.categories["town"]
    assert words == tuple(sorted(words)) and len(words) == 12
    first = int(data.train.indices[0])
    assert words[data.train.x["x"][0, 0] - 1] == f"town{first}"


def test_text_is_kept_and_has_an_input_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", 'say,n,y\n"Well, now",1,0\n"two\nlines",2,1\n,3,0\nend,4,1\n')
    text = "source: {csv: {path: a.csv, label: y, text: [say], features: {words: [say], rest: [n]}, test: 0.25}}"
    data = loaded(text, tmp_path)
    assert data.facts.x["words"] == ArrayFacts((1,), "string")
    assert set(data.train.x["words"][:, 0]) <= {"Well, now", "two\nlines", "", "end"}
    with pytest.raises(BadData, match="input `x` mixes text"):
        facts_of(source_of("{csv: {path: a.csv, label: y, text: [say]}}"), tmp_path)


def test_a_test_file_is_read_with_the_words_of_the_training_file(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "c,y\nred,no\nblue,yes\n")
    write(tmp_path / "b.csv", "y,c\nyes,red\nno,green\n")
    text = "source: {csv: {path: a.csv, label: y, categories: [c], test_path: b.csv}}"
    data = loaded(text, tmp_path)
    assert data.train.x["x"].tolist() == [[2], [1]]
    assert (data.test.x["x"].tolist(), data.test.y["y"].tolist()) == ([[2], [0]], [1, 0])
    write(tmp_path / "b.csv", "y,d\nyes,red\n")
    with pytest.raises(BadData, match=r"b\.csv: there is no column `c`"):
        loaded(text, tmp_path)
    write(tmp_path / "b.csv", "y,c\nyes,red\nmaybe,red\n")
    with pytest.raises(BadData, match=r"b\.csv:3: column `y`: 'maybe' is not among the classes"):
        loaded(text, tmp_path)


def test_a_validation_file_is_read_with_the_words_of_the_training_file(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "c,y\n" + "red,no\nblue,yes\n" * 5)
    write(tmp_path / "v.csv", "c,y\nred,yes\nteal,no\n")
    csv = "{{csv: {{path: {}, label: y, categories: [c]}}}}"
    text = f"source: {csv.format('a.csv')}\nvalidation: {csv.format('v.csv')}"
    data = loaded(text, tmp_path)
    assert (data.validation.x["x"].tolist(), data.validation.y["y"].tolist()) == ([[2], [0]], [1, 0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,y\n1,0\nx,1\n", "a.csv:3: column `a`: 'x' is not a number"),
        ("a,y\n1,0\n,1\n", "a.csv:3: column `a`: the value is missing"),
        ("a,y\n1,0\nnan,1\n", "a.csv:3: column `a`: 'nan' is not a finite number"),
        ("a,y\n1,0\n2,word\n", "a.csv:3: column `y`: 'word' is not a number"),
        ("a,y\n1,word\n2, \n", "a.csv:3: column `y`: the value is missing"),
        ("a,y\n1,0\n\n1,2,3\n", "a.csv:4: 3 values, but the header names 2 columns"),
        ("a,a,y\n1,2,0\n", "a.csv:1: column 2 has the same name as another"),
        ("a,,y\n1,2,0\n", "a.csv:1: column 2 has no name"),
        ("a,yy\n1,0\n", "there is no column `y`; the header names `a`, `yy`; did you mean `yy`?"),
        ("a,y\n", "there are no rows below the header"),
        ("", "the file is empty"),
        ('a,y\n"' + "x" * 140_000 + '",1\n', "a.csv:2: not CSV (field larger"),
    ],
)
def test_mistakes_name_file_line_and_column(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path / "a.csv", text)
    with pytest.raises(BadData) as caught:
        loaded("source: {csv: {path: a.csv, label: y}}", tmp_path)
    assert message in str(caught.value)
    if "column `y`: the" not in message:
        with pytest.raises(BadData):
            facts_of(source_of("{csv: {path: a.csv, label: y}}"), tmp_path)


def test_text_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a,y\n1,0\n" + b"2,1\n" * 5000 + b"\xff,1\n")
    with pytest.raises(BadData, match=r"a\.csv:\d+: the text is not UTF-8"):
        loaded("source: {csv: {path: a.csv, label: y}}", tmp_path)


def test_other_delimiters_byte_order_marks_and_spaces(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("\ufeffa; y\r\n1; 0\r\n2; 1\r\n".encode())
    facts = facts_of(source_of('{csv: {path: a.csv, label: y, delimiter: ";"}}'), tmp_path)
    assert (facts.train, facts.x["x"].shape) == (2, (1,))
