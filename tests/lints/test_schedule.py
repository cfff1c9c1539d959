"""Schedules against the length of the training, and learning rates against their optimizers."""

from __future__ import annotations

import pytest

from mnistspec import check
from mnistspec.calls import Call
from mnistspec.lints.rates import highest_rate, rate_at
from tests.lints.checking import codes, findings, of_training

# 60,000 digits in batches of 100 for ten epochs: 6,000 steps.


def _of(schedule: str, fit: str = "epochs: 10, batch_size: 100") -> list[str]:
    optimizer = f"{{Adam: {{learning_rate: {{{schedule}}}}}}}"
    return of_training(compile=f"loss: sparse_categorical_crossentropy, optimizer: {optimizer}", fit=fit)


@pytest.mark.parametrize(
    ("schedule", "found"),
    [
        ("CosineDecay: {initial_learning_rate: 1e-3, decay_steps: 6000}", []),
        ("CosineDecay: {initial_learning_rate: 1e-3, decay_steps: 12000}", []),
        ("CosineDecay: {initial_learning_rate: 1e-3, decay_steps: 10}", ["W516"]),
        ("CosineDecay: {initial_learning_rate: 1e-3, decay_steps: 3000}", ["W516"]),
        ("CosineDecay: {initial_learning_rate: 1e-3, decay_steps: 3000, alpha: 0.1}", []),
        ("CosineDecay: {initial_learning_rate: 1e-3, decay_steps: 600000}", ["W516"]),
        ("CosineDecay: {initial_learning_rate: 0.0, warmup_target: 1e-3, warmup_steps: 600, decay_steps: 5400}", []),
        ("CosineDecay: {initial_learning_rate: 0.0, warmup_target: 1e-3, warmup_steps: 600, decay_steps: 6}", ["W516"]),
        ("CosineDecayRestarts: {initial_learning_rate: 1e-3, first_decay_steps: 100}", []),
        ("CosineDecayRestarts: {initial_learning_rate: 1e-3, first_decay_steps: 600000}", ["W516"]),
        ("ExponentialDecay: {initial_learning_rate: 1e-3, decay_steps: 600, decay_rate: 0.9}", []),
        ("ExponentialDecay: {initial_learning_rate: 1e-3, decay_steps: 1, decay_rate: 0.9}", ["W516"]),
        ("ExponentialDecay: {initial_learning_rate: 1e-3, decay_steps: 600000, decay_rate: 0.9}", ["W516"]),
        ("ExponentialDecay: {initial_learning_rate: 1e-6, decay_steps: 600, decay_rate: 4.0}", []),
        ("ExponentialDecay: {initial_learning_rate: 1e-3, decay_steps: 7000, decay_rate: 0.5, staircase: true}",
         ["W516"]),
        ("InverseTimeDecay: {initial_learning_rate: 1e-3, decay_steps: 600, decay_rate: 0.5}", []),
        ("InverseTimeDecay: {initial_learning_rate: 1e-3, decay_steps: 1, decay_rate: 0.5}", ["W516"]),
        ("PolynomialDecay: {initial_learning_rate: 1e-3, decay_steps: 6000}", []),
        ("PolynomialDecay: {initial_learning_rate: 1e-3, decay_steps: 10}", ["W516"]),
        ("PolynomialDecay: {initial_learning_rate: 1e-6, end_learning_rate: 1e-3, decay_steps: 600}", []),
        ("PiecewiseConstantDecay: {boundaries: [3000, 4500], values: [1e-2, 1e-3, 1e-4]}", []),
        ("PiecewiseConstantDecay: {boundaries: [5, 8], values: [1e-2, 1e-3, 1e-4]}", ["W516"]),
        ("PiecewiseConstantDecay: {boundaries: [30000], values: [1e-2, 1e-3]}", ["W516"]),
        ("PiecewiseConstantDecay: {boundaries: [100], values: [1e-4, 1e-3]}", []),
    ],
)  # fmt: skip
def test_schedules_of_six_thousand_steps(schedule: str, found: list[str]) -> None:
    assert _of(schedule) == found


def test_a_short_trial_and_an_unknown_length_are_left_alone() -> None:
    schedule = "CosineDecay: {initial_learning_rate: 1e-3, decay_steps: 60000}"
    assert _of(schedule, "epochs: 1, steps_per_epoch: 50") == []
    assert _of(schedule, "epocs: 1") == ["E201"]


def test_the_fix_ends_the_schedule_with_the_training() -> None:
    text = """data: {source: mnist, prepare: {x: [{rescale: 255}]}}
model: {kind: sequential, layers: [Flatten, {Dense: {units: 10, activation: softmax}}]}
compile:
  optimizer: {Adam: {learning_rate: {CosineDecay: {initial_learning_rate: 1e-3, decay_steps: 10}}}}
  loss: sparse_categorical_crossentropy
fit: {epochs: 10, batch_size: 100}
"""
    (found,) = findings(text)
    assert found.fix is not None and (found.fix.span.text, found.fix.text) == ("10", "6000")


@pytest.mark.parametrize(
    ("optimizer", "found"),
    [
        ("{Adam: {learning_rate: 1e-3}}", []),
        ("{Adam: {learning_rate: 0.1}}", []),
        ("{Adam: {learning_rate: 1.0}}", ["W519"]),
        ("{SGD: {learning_rate: 1.0}}", []),
        ("{SGD: {learning_rate: 1e3}}", ["W519"]),
        ("{SGD: {learning_rate: 1e-12}}", ["W519"]),
        ("{Adadelta: {learning_rate: 1.0}}", []),
        ("{Adam: {learning_rate: 0.0}}", ["W519"]),
        ("{LossScaleOptimizer: {inner_optimizer: {Adam: {learning_rate: 10.0}}}}", ["W519"]),
        ("{Adam: {learning_rate: {CosineDecay: {initial_learning_rate: 1.0, decay_steps: 600}}}}", ["W519"]),
        ("{Adam: {learning_rate: {CosineDecay: {initial_learning_rate: 0.0, warmup_target: 1e-3, warmup_steps: 60, "
         "decay_steps: 600}}}}", []),
        ("{Adam: {learning_rate: {PiecewiseConstantDecay: {boundaries: [9], values: [1e-3, 0.0]}}}}", []),
        ("{Adam: {learning_rat: 10.0}}", ["E206"]),
        ("{Adam: {learning_rate: 10.0, beta: 0.9}}", ["E206", "W519"]),
        ("adam", []),
    ],
)  # fmt: skip
def test_learning_rates(optimizer: str, found: list[str]) -> None:
    model = "model: {kind: sequential, input: [8], layers: [{Dense: {units: 1}}]}"
    assert sorted(codes(f"{model}\ncompile: {{loss: mse, optimizer: {optimizer}}}")) == found


_SCHEDULES = [
    "CosineDecay: {initial_learning_rate: 0.5, decay_steps: 50, alpha: 0.1}",
    "CosineDecay: {initial_learning_rate: 0.1, warmup_target: 0.5, warmup_steps: 30, decay_steps: 50}",
    "CosineDecayRestarts: {initial_learning_rate: 0.5, first_decay_steps: 60}",
    "ExponentialDecay: {initial_learning_rate: 0.5, decay_steps: 20, decay_rate: 0.7}",
    "ExponentialDecay: {initial_learning_rate: 0.5, decay_steps: 20, decay_rate: 0.7, staircase: true}",
    "InverseTimeDecay: {initial_learning_rate: 0.5, decay_steps: 20, decay_rate: 0.7}",
    "PolynomialDecay: {initial_learning_rate: 0.5, decay_steps: 60, end_learning_rate: 0.01, power: 2.0}",
    "PiecewiseConstantDecay: {boundaries: [20, 40], values: [0.5, 0.2, 0.1]}",
]


def _schedule(written: str) -> Call:
    spec = check(f"""mnistspec: 1
model: {{kind: sequential, input: [8], layers: [{{Dense: {{units: 1}}}}]}}
compile: {{loss: mse, optimizer: {{SGD: {{learning_rate: {{{written}}}}}}}}}
""").spec
    assert spec is not None and spec.compile is not None
    given = spec.compile.optimizer.argument("learning_rate")
    assert isinstance(given, Call)
    return given


@pytest.mark.parametrize("written", _SCHEDULES)
def test_the_highest_rate_is_reached_and_never_passed(written: str) -> None:
    given = _schedule(written)
    rates = [rate for step in range(101) if (rate := rate_at(given, step)) is not None]
    assert max(rates) == pytest.approx(highest_rate(given))


@pytest.mark.keras
@pytest.mark.parametrize("written", _SCHEDULES)
def test_rates_are_those_of_keras(written: str) -> None:
    from mnistspec.exporters.keras_model import construct

    given = _schedule(written)
    theirs = construct(given)
    for step in (0, 1, 19, 20, 21, 30, 40, 41, 59, 60, 79, 100):
        ours = rate_at(given, step)
        if ours is not None:
            assert ours == pytest.approx(float(theirs(step)), rel=1e-4, abs=1e-8), step
