from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnistspec.datasets import NOTHING_KNOWN, facts_of, prepared_facts
from mnistspec.datasets.facts import ArrayFacts
from mnistspec.diagnostics import BadData, DataUnavailable

from ..making import counts, data_of, loaded, source_of

PIXELS = np.arange(40 * 4, dtype=np.uint8).reshape(40, 2, 2)
LABELS = np.tile(np.arange(4), 10)


def save(folder: Path, **arrays: np.ndarray) -> None:
    np.savez(folder / "a.npz", **arrays)


def test_facts_come_from_the_headers(tmp_path: Path) -> None:
    save(tmp_path, x_train=PIXELS, y_train=LABELS, x_test=PIXELS[:8], y_test=LABELS[:8])
    facts = facts_of(source_of("{npz: {path: a.npz, classes: 4}}"), tmp_path)
    assert facts.x == {"x": ArrayFacts((2, 2), "uint8")}
    assert facts.y == {"y": ArrayFacts((), "int64", classes=4)}
    assert (facts.train, facts.test) == (40, 8)


def test_an_array_named_same_is_that_array(tmp_path: Path) -> None:
    save(tmp_path, a=PIXELS, b=PIXELS, same=LABELS)
    facts = facts_of(source_of("{npz: {path: a.npz, x_train: {left: a, right: b}, y_train: same}}"), tmp_path)
    assert list(facts.y) == ["y"] and not facts.y_is_x


def test_an_absent_file_leaves_the_facts_unknown_but_not_the_names(tmp_path: Path) -> None:
    assert facts_of(source_of("{npz: {path: a.npz}}"), tmp_path) == NOTHING_KNOWN.with_arrays(*_unknown("x", "y"))
    pair = facts_of(source_of("{npz: {path: a.npz, x_train: {left: a, right: b}, y_train: same}}"), tmp_path)
    assert (list(pair.x), list(pair.y)) == (["left", "right"], ["y"])
    with pytest.raises(DataUnavailable, match=r"a\.npz: there is no such file"):
        loaded("source: {npz: {path: a.npz}}", tmp_path)


def _unknown(x: str, y: str) -> tuple[dict[str, ArrayFacts], dict[str, ArrayFacts]]:
    return {x: ArrayFacts(None, None)}, {y: ArrayFacts(None, None)}


def test_without_test_arrays_a_stratified_part_is_held_out(tmp_path: Path) -> None:
    save(tmp_path, x_train=PIXELS, y_train=LABELS)
    text = "source: {npz: {path: a.npz, test: 0.1}}\nvalidation: 0.25"
    facts = prepared_facts(data_of(text), tmp_path)
    data = loaded(text, tmp_path)
    assert (facts.train, facts.validation, facts.test) == (27, 9, 4) == (data.train.size, data.validation.size, 4)
    assert counts(data.test.y["y"]) == {0: 1, 1: 1, 2: 1, 3: 1}
    parts = [part.x["x"][:, 0, 0].tolist() for part in (data.train, data.validation, data.test)]
    assert sorted(parts[0] + parts[1] + parts[2]) == PIXELS[:, 0, 0].tolist()


def test_maps_feed_several_arrays_and_find_their_test_arrays_by_name(tmp_path: Path) -> None:
    save(
        tmp_path, a_train=PIXELS, b=PIXELS + 1, same=LABELS, a_test=PIXELS[:2], b_test=PIXELS[:2], same_test=LABELS[:2]
    )
    data = loaded("source: {npz: {path: a.npz, x_train: {left: a_train, right: b}, y_train: same}}", tmp_path)
    assert list(data.train.x) == ["left", "right"]
    assert data.test.size == 2 and data.train.size == 40


def test_null_for_the_test_arrays_holds_a_part_out_although_the_file_has_some(tmp_path: Path) -> None:
    save(tmp_path, x_train=PIXELS, y_train=LABELS, x_test=PIXELS[:2], y_test=LABELS[:2])
    data = loaded("source: {npz: {path: a.npz, x_test: null, y_test: null}}", tmp_path)
    assert (data.train.size, data.test.size) == (32, 8)


def test_same_makes_the_prepared_input_what_is_learnt(tmp_path: Path) -> None:
    save(tmp_path, x_train=PIXELS)
    text = "source: {npz: {path: a.npz, y_train: same}}\nprepare: {x: [{rescale: 255}]}"
    data = loaded(text, tmp_path)
    assert data.train.y["y"] is data.train.x["x"]
    assert data.preparation.apply_y({"y": PIXELS})["y"].max() <= 1
    assert prepared_facts(data_of(text), tmp_path).y["y"].dtype == "float32"
    own = loaded(text.replace("255}]}", "255}], y: [{cast: int32}]}"), tmp_path)
    assert own.train.y["y"].dtype == np.int32


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            "x_train: x_trian",
            "there is no array `x_trian`; the file has `x_train`, `y_train`, `short`, `number`; did you",
        ),
        ("y_train: labels", "there is no array `labels`"),
        ("x_test: short", "there is no array `y_test`"),
        ("y_train: short", "differ in the number of examples: `x_train` 40, `short` 3"),
        ("x_train: number", "`number` holds no examples"),
        ("x_test: {a: x_train}, y_test: y_train", "`x_test` must name the arrays that `x_train` names"),
    ],
)
def test_keys_that_do_not_fit_are_told_before_loading(tmp_path: Path, options: str, message: str) -> None:
    save(tmp_path, x_train=PIXELS, y_train=LABELS, short=LABELS[:3], number=np.array(5))
    with pytest.raises(BadData) as caught:
        facts_of(source_of(f"{{npz: {{path: a.npz, {options}}}}}"), tmp_path)
    assert message in str(caught.value)


def test_labels_beyond_the_classes_told_are_refused(tmp_path: Path) -> None:
    save(tmp_path, x_train=PIXELS, y_train=LABELS, x_test=PIXELS[:1], y_test=np.array([4]))
    with pytest.raises(BadData, match="`y` of the test split has the label 4, but there are 4 classes"):
        loaded("source: {npz: {path: a.npz, classes: 4}}", tmp_path)


def test_labels_of_text_are_refused(tmp_path: Path) -> None:
    save(tmp_path, x_train=PIXELS[:2], y_train=np.array(["cat", "dog"]))
    with pytest.raises(BadData, match="`y_train` holds text; save class ids"):
        facts_of(source_of("{npz: {path: a.npz}}"), tmp_path)


def test_python_objects_are_never_unpickled(tmp_path: Path) -> None:
    save(tmp_path, x_train=np.array([{"a": 1}, None], dtype=object), y_train=LABELS[:2])
    with pytest.raises(BadData, match="Python objects, which are not read"):
        loaded("source: {npz: {path: a.npz}}", tmp_path)


def test_a_home_path_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    save(tmp_path, x_train=PIXELS, y_train=LABELS)
    assert facts_of(source_of("{npz: {path: ~/a.npz}}"), Path("/nowhere")).train == 40


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_refused_with_their_example(tmp_path: Path, value: float) -> None:
    wrong = np.zeros((3000, 2, 2), np.float32)
    wrong[2500, 1, 0] = value
    save(tmp_path, x_train=wrong, y_train=np.zeros(3000, np.int64))
    with pytest.raises(BadData, match=r"`x_train` holds a value that is no finite number .* in example 2500\."):
        loaded("source: {npz: {path: a.npz}}", tmp_path)
