from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnistspec.datasets.facts import ArrayFacts
from mnistspec.datasets.fitted import FittedStep
from mnistspec.datasets.measured import measure
from mnistspec.datasets.step_arrays import NAMES, apply, fit
from mnistspec.datasets.step_facts import RULES, StepProblem, facts_after

from .making import steps_of

STEPS = [
    "rescale: 3", "standardize", "normalize", "normalize: {axis: 0}", "resize: [3, 5]", "grayscale", "cast: float16",
    "cast: int64", "cast: uint8", "expand_dims", "expand_dims: 0", "expand_dims: -2", "reshape: [-1]",
    "reshape: [2, 6]", "pad_sequences: 4", "pad_sequences", "one_hot", "one_hot: 300",
]  # fmt: skip


def run(steps: str, train: np.ndarray, other: np.ndarray | None = None) -> np.ndarray:
    """The steps fitted on one array and applied to it, or to another."""
    result = train if other is None else other
    for step in steps_of(steps):
        fitted = fit(step, train, None)
        train, result = apply(fitted, train), apply(fitted, result)
    return result


def test_both_tables_name_the_same_steps() -> None:
    assert tuple(RULES) == NAMES


@given(
    step=st.sampled_from(STEPS),
    shape=st.lists(st.integers(1, 4), max_size=4).map(tuple),
    dtype=st.sampled_from(["uint8", "int32", "float32", "float64", "bool"]),
    seed=st.integers(0, 99),
)
def test_facts_foretell_what_a_step_does(step: str, shape: tuple[int, ...], dtype: str, seed: int) -> None:
    values = np.random.default_rng(seed).integers(0, 2 if dtype == "bool" else 200, (6, *shape))
    array = values.astype(dtype)
    steps = steps_of(f"[{{{step}}}]" if ":" in step else f"[{step}]")
    before = measure(array)
    try:
        foretold = facts_after(steps, before)
    except StepProblem:
        return
    result = apply(fit(steps[0], array, before.classes), array)
    assert result.dtype.name == foretold.dtype
    assert len(result) == 6
    assert all(told in (None, size) for told, size in zip(foretold.shape, result.shape[1:], strict=True))
    if foretold.minimum is not None and foretold.maximum is not None:
        assert foretold.minimum - 1e-3 <= result.min() and result.max() <= foretold.maximum + 1e-3


def test_rescale_is_bit_for_bit_what_people_write() -> None:
    pixels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    assert np.array_equal(run("[{rescale: 255}]", pixels), pixels.astype("float32") / 255)


def test_standardize_keeps_statistics_per_feature_and_leaves_constant_features() -> None:
    train = np.array([[1.0, 7.0], [3.0, 7.0]])
    assert run("[standardize]", train, np.array([[5.0, 8.0]])).tolist() == [[3.0, 1.0]]


def test_standardize_keeps_statistics_per_channel_of_pictures_and_one_for_gray_ones() -> None:
    colour = np.random.default_rng(0).normal(5, 3, (50, 4, 4, 3))
    assert np.allclose(run("[standardize]", colour).mean(axis=(0, 1, 2)), 0, atol=1e-6)
    step = steps_of("[standardize]")[0]
    assert len(fit(step, colour, None).numbers("mean")) == 3
    assert len(fit(step, colour[..., 0], None).numbers("mean")) == 1


def test_standardize_is_exact_for_large_values_and_many_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mnistspec.datasets.scaling_arrays._CHUNK", 64)
    years = np.random.default_rng(1).normal(1e6, 1, (1000, 2)).astype(np.float64)
    result = run("[standardize]", years)
    assert result.dtype == np.float32
    assert np.allclose(result, (years - years.mean(0)) / years.std(0), atol=1e-5)


def test_normalize_uses_the_training_range_alone() -> None:
    train = np.array([[0.0], [10.0]])
    assert run("[normalize]", train, np.array([[5.0], [20.0]])).tolist() == [[0.5], [2.0]]


def test_axis_counts_without_the_batch() -> None:
    array = np.arange(12.0).reshape(2, 2, 3)
    step = steps_of("[{standardize: {axis: 0}}]")[0]
    assert fit(step, array, None).numbers("mean") == (4.0, 7.0)


def test_values_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(StepProblem, match="not finite"):
        run("[standardize]", np.array([1.0, np.nan]))
    with pytest.raises(StepProblem, match="the value nan does not fit int32"):
        apply(FittedStep("cast", {"dtype": "int32"}), np.array([np.nan, 1.0, np.nan], dtype=np.float32))


def test_cast_refuses_what_would_wrap_or_overflow() -> None:
    with pytest.raises(StepProblem, match="the value 256 does not fit uint8"):
        run("[{cast: uint8}]", np.array([0, 256]))
    with pytest.raises(StepProblem, match="too large for float16"):
        run("[{cast: float16}]", np.array([1e6]))


def test_pad_sequences_fills_and_cuts_where_it_is_told() -> None:
    ragged = np.empty(2, dtype=object)
    ragged[:] = [np.array([1, 2, 3], np.int32), np.array([4], np.int32)]
    assert run("[{pad_sequences: 2}]", ragged).tolist() == [[2, 3], [0, 4]]
    after = run("[{pad_sequences: {maxlen: 2, padding: post, truncating: post, value: 9}}]", ragged)
    assert after.tolist() == [[1, 2], [4, 9]]
    assert run("[pad_sequences]", ragged).shape == (2, 3)


def test_pad_sequences_takes_its_length_from_the_training_examples() -> None:
    train, other = np.empty(1, dtype=object), np.empty(1, dtype=object)
    train[0], other[0] = np.array([1, 2]), np.array([1, 2, 3, 4])
    assert run("[pad_sequences]", train, other).tolist() == [[3, 4]]


def test_one_hot_names_the_label_that_is_too_large() -> None:
    assert run("[one_hot]", np.array([0, 2])).tolist() == [[1, 0, 0], [0, 0, 1]]
    with pytest.raises(StepProblem, match="the label 3 is outside 0 to 2"):
        run("[one_hot]", np.array([0, 2]), np.array([3]))
    with pytest.raises(StepProblem, match="the label -1 is outside"):
        run("[one_hot]", np.array([-1, 2]))


def test_grayscale_weighs_the_channels_and_drops_alpha() -> None:
    colour = np.array([[[[255, 0, 0, 9], [0, 255, 0, 9], [0, 0, 255, 9], [255, 255, 255, 9]]]], dtype=np.uint8)
    assert run("[grayscale]", colour).reshape(-1).tolist() == [76, 150, 29, 255]


def test_resize_keeps_an_even_picture_even_and_its_dtype() -> None:
    assert np.array_equal(run("[{resize: [2, 3]}]", np.full((1, 8, 8), 200, np.uint8)), np.full((1, 2, 3), 200))
    assert run("[{resize: [2, 3]}]", np.full((1, 8, 8, 2), 0.25)).dtype == np.float32


def test_measure_sees_what_arrays_are() -> None:
    assert measure(np.array([0, 3])) == ArrayFacts((), "int64", 0, 3, 4)
    assert measure(np.array([-1, 3])) == ArrayFacts((), "int64", -1, 3)
    assert measure(np.eye(3)) == ArrayFacts((3,), "float64", 0, 1, 3, one_hot=True)
    assert not measure(np.array([[1, 1], [0, 1]])).one_hot
    assert measure(np.array([["a"], ["b"]], dtype=object)) == ArrayFacts((1,), "string")
