from __future__ import annotations

from typing import Any

import pytest

from tests.decisions.deciding import decided


def chosen(*layers: Any, **changes: Any) -> tuple[int, int]:
    found = decided(layers, **changes) if layers else decided(**changes)
    return found.validation_batch_size.value, found.evaluate_batch_size.value


def test_small_models_are_measured_on_many_examples_at_a_time_and_large_ones_on_fewer() -> None:
    assert chosen() == (1024, 1024)
    assert chosen({"Dense": {"units": 100_000}}, {"Dense": {"units": 10, "activation": "softmax"}}) == (128, 128)


def test_pytorch_measures_fewer_large_examples_at_a_time() -> None:
    large = ({"Dense": {"units": 20_000}}, {"Dense": {"units": 10, "activation": "softmax"}})
    assert chosen(*large) == (512, 512) and chosen(*large, backend="torch") == (128, 128)
    assert chosen(backend="torch") == (1024, 1024)


@pytest.mark.parametrize(
    ("validation", "sizes"),
    [
        (6_000, (1000, 1000)),  # of 10,000 to test on, too
        (6_010, (601, 1024)),  # 10 divides both, and is too few
        (6_007, (1024, 1024)),  # a prime
    ],
)
def test_batches_are_made_to_fill_the_examples_where_that_costs_little(validation: int, sizes: tuple[int, int]) -> None:
    data = {
        "source": "mnist",
        "validation": (validation + 0.1) / 60_000,
        "prepare": {"x": [{"reshape": [784]}, {"rescale": 255}]},
    }
    assert chosen(data=data) == sizes


def test_the_spec_has_the_last_word() -> None:
    assert chosen(fit={"validation_batch_size": 7}, evaluate={"batch_size": 9}) == (7, 9)


@pytest.mark.parametrize(
    "changes",
    [
        {"deterministic": True},
        {"fit": {"validation_steps": 3}, "evaluate": {"steps": 3}},
        {"compiled": {"loss": {"SparseCategoricalCrossentropy": {"reduction": "sum"}}}},
        {"compiled": {"loss": "Dice"}},
    ],
)
def test_batches_stay_as_they_are_where_the_result_hangs_on_them(changes: dict[str, Any]) -> None:
    if "fit" in changes:
        changes["fit"] = {"batch_size": 100, **changes["fit"]}
    assert chosen(**changes) == (100, 32)


def test_layers_that_carry_states_on_keep_their_batches() -> None:
    stateful = {"LSTM": {"units": 8, "stateful": True}}
    last = {"Dense": {"units": 10, "activation": "softmax"}}
    batches = {"shape": [28, 28], "batch_size": 50}
    found = decided(model={"kind": "sequential", "input": batches, "layers": [stateful, last]}, fit={"batch_size": 50})
    assert (found.validation_batch_size.value, found.evaluate_batch_size.value) == (50, 50)
