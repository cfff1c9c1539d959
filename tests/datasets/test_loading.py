from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnistspec.datasets import StepProblem, prepared_facts
from mnistspec.datasets.facts import ArrayFacts
from mnistspec.diagnostics import BadData

from .making import counts, data_of, loaded

SAMPLE = "source: mnist_sample\n"


def save(folder: Path, name: str = "a.npz", count: int = 40, **arrays: np.ndarray) -> None:
    values = np.arange(count * 3, dtype=np.float64).reshape(count, 3)
    np.savez(folder / name, **{"x_train": values, "y_train": np.arange(count) % 2, **arrays})


def test_one_seed_gives_the_same_data_every_time_and_another_seed_other_data(tmp_path: Path) -> None:
    text = SAMPLE + "validation: 0.1\nlimit: {train: 500, test: 100}\nprepare: {x: [standardize]}"
    first, again, other = (loaded(text, tmp_path, seed=seed) for seed in (1, 1, 2))
    assert first.digest == again.digest != other.digest
    assert np.array_equal(first.train.x["x"], again.train.x["x"]) and first.preparation == again.preparation
    assert not np.array_equal(first.train.indices, other.train.indices)


def test_splits_are_stratified_apart_and_in_the_source_s_order(tmp_path: Path) -> None:
    data = loaded(SAMPLE + "validation: 0.1\nlimit: {train: 1000, test: 50, validation: 60}", tmp_path)
    assert (data.train.size, data.validation.size, data.test.size) == (900, 60, 50)
    assert counts(data.train.y["y"]) == dict.fromkeys(range(10), 90)
    assert counts(data.validation.y["y"]) == dict.fromkeys(range(10), 6)
    assert counts(data.test.y["y"]) == dict.fromkeys(range(10), 5)
    assert not set(data.train.indices.tolist()) & set(data.validation.indices.tolist())
    assert (np.diff(data.train.indices) > 0).all()
    whole = loaded(SAMPLE, tmp_path)
    assert np.array_equal(whole.train.x["x"][data.validation.indices], data.validation.raw["x"])


def test_a_limit_on_the_test_split_moves_no_training_example(tmp_path: Path) -> None:
    free = loaded(SAMPLE + "validation: 0.1", tmp_path)
    limited = loaded(SAMPLE + "validation: 0.1\nlimit: {test: 10}", tmp_path)
    assert np.array_equal(free.train.indices, limited.train.indices)


def test_the_counts_foretold_are_the_counts_loaded(tmp_path: Path) -> None:
    for settings in ("", "validation: 0.15\n", "validation: 0.001\nlimit: {train: 77, validation: 3, test: 9999}\n"):
        facts, data = prepared_facts(data_of(SAMPLE + settings), tmp_path), loaded(SAMPLE + settings, tmp_path)
        validation = data.validation.size if data.validation else 0
        assert (facts.train, facts.validation, facts.test) == (data.train.size, validation, data.test.size)
        assert (data.facts.train, data.facts.validation, data.facts.test) == (
            data.train.size,
            validation,
            data.test.size,
        )


def test_steps_learn_from_the_training_split_alone(tmp_path: Path) -> None:
    save(tmp_path, x_test=np.full((4, 3), 1e6), y_test=np.zeros(4, int))
    data = loaded("source: {npz: {path: a.npz}}\nvalidation: 0.25\nprepare: {x: [standardize]}", tmp_path)
    rows = np.arange(120.0).reshape(40, 3)[data.train.indices]
    assert data.preparation.x["x"][0].numbers("mean") == tuple(rows.mean(axis=0))
    assert np.allclose(data.train.x["x"].mean(axis=0), 0, atol=1e-6)
    assert abs(data.validation.x["x"].mean()) > 1e-3 and data.test.x["x"].min() > 1e3


def test_facts_are_exact_once_the_data_are_there(tmp_path: Path) -> None:
    data = loaded(SAMPLE + "prepare: {x: [{rescale: 255}, {reshape: [784]}], y: [one_hot]}", tmp_path)
    assert data.facts.x["x"] == ArrayFacts((784,), "float32", 0, 1)
    assert data.facts.y["y"] == ArrayFacts((10,), "float32", 0, 1, 10, one_hot=True)


def test_classes_are_counted_although_a_small_draw_lacks_some(tmp_path: Path) -> None:
    save(tmp_path, y_train=np.array([0] * 38 + [1, 2]))
    data = loaded("source: {npz: {path: a.npz}}\nlimit: {train: 5}\nprepare: {y: [one_hot]}", tmp_path)
    assert data.facts.y["y"].classes == 3 and data.train.y["y"].shape == (5, 3)


def test_raw_inputs_are_the_same_arrays_where_nothing_is_done(tmp_path: Path) -> None:
    data = loaded(SAMPLE, tmp_path)
    assert data.train.raw["x"] is data.train.x["x"]
    scaled = loaded(SAMPLE + "prepare: {x: [{rescale: 255}]}", tmp_path)
    assert np.array_equal(scaled.train.raw["x"], data.train.x["x"]) and scaled.train.x["x"].max() == 1


def test_the_digest_is_of_the_raw_data(tmp_path: Path) -> None:
    plain = loaded(SAMPLE, tmp_path).digest
    assert plain == "75331f073d0f6a9cdbb7e2a19827029a5fb5ddf92afe0a1b5c777c14647474e7"
    assert loaded(SAMPLE + "prepare: {x: [{rescale: 255}]}", tmp_path).digest == plain
    assert loaded(SAMPLE + "limit: {test: 999}", tmp_path).digest != plain


def test_steps_by_name(tmp_path: Path) -> None:
    save(tmp_path, other=np.ones((40, 2)))
    text = "source: {npz: {path: a.npz, x_train: {a: x_train, b: other}}}\nprepare: {x: {b: [{cast: float32}]}}"
    data = loaded(text, tmp_path)
    assert data.train.x["a"].dtype == np.float64 and data.train.x["b"].dtype == np.float32
    with pytest.raises(StepProblem, match="has steps for `c`, but the source's x: `a`, `b`") as caught:
        prepared_facts(data_of(text.replace("{b: [", "{c: [")), tmp_path)
    assert caught.value.step.name == "cast"


def test_validation_from_a_source_of_its_own(tmp_path: Path) -> None:
    save(tmp_path)
    save(tmp_path, "v.npz", count=7)
    text = "source: {npz: {path: a.npz}}\nvalidation: {npz: {path: v.npz}}\nlimit: {validation: 5}"
    assert prepared_facts(data_of(text), tmp_path).validation == 5
    data = loaded(text, tmp_path)
    assert (data.train.size, data.validation.size, data.test.size) == (32, 5, 8)


def test_validation_unlike_the_training_data_is_refused_before_and_while_loading(tmp_path: Path) -> None:
    save(tmp_path)
    save(tmp_path, "v.npz", count=7, x_train=np.zeros((7, 4)))
    text = "source: {npz: {path: a.npz}}\nvalidation: {npz: {path: v.npz}}"
    told = r"One example of `x` is \(4,\) in the validation source, but \(3,\)"
    with pytest.raises(StepProblem, match=told):
        prepared_facts(data_of(text), tmp_path)
    with pytest.raises(BadData, match=told):
        loaded(text, tmp_path)
    named = "source: {npz: {path: a.npz}}\nvalidation: {npz: {path: v.npz, x_train: {z: x_train}}}"
    with pytest.raises(BadData, match=r"\(x: `x`\), but has `z`"):
        loaded(named, tmp_path)


def test_values_that_a_step_cannot_take_name_array_and_step(tmp_path: Path) -> None:
    save(tmp_path, x_train=np.full((40, 3), 1e308))
    told = "Data `x`, step `standardize`: some training values are not finite"
    with pytest.raises(BadData, match=told), np.errstate(all="ignore"):
        loaded("source: {npz: {path: a.npz}}\nprepare: {x: [standardize]}", tmp_path)
    save(tmp_path, y_test=np.array([5]), x_test=np.zeros((1, 3)))
    with pytest.raises(BadData, match="Data `y` of the test split, step `one_hot`: the label 5 is outside 0 to 1"):
        loaded("source: {npz: {path: a.npz}}\nprepare: {y: [one_hot]}", tmp_path)


def test_limits_above_what_there_is_are_noted(tmp_path: Path) -> None:
    data = loaded(SAMPLE + "limit: {train: 10000, test: 10}", tmp_path)
    assert data.notes == ("`limit.train` is 10000, but there are only 4000 examples.",)


def test_a_step_that_a_mistake_hides_leaves_the_facts_unknown(tmp_path: Path) -> None:
    from dataclasses import replace

    data = data_of(SAMPLE + "prepare: {x: [{rescale: 255}, {reshape: [784]}]}")
    hidden = replace(data, prepare_x=(replace(data.prepare_x[0], options={}), data.prepare_x[1]))
    assert prepared_facts(hidden, tmp_path).x["x"] == ArrayFacts(None, None)
    nowhere = replace(data, source=replace(data_of("source: {npz: {path: a}}").source, options={}))
    assert prepared_facts(nowhere, tmp_path).y["y"] == ArrayFacts(None, None)
