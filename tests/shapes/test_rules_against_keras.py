"""Every rule against Keras: the same shapes, dtypes and counts, or a refusal by both."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from mnistspec.calls import Call
from mnistspec.shapes import RULES
from mnistspec.shapes.base import Inputs

from .cases import CASES
from .cases.case import Case
from .drawing import case_of
from .oracle import assert_agrees

pytestmark = pytest.mark.keras

# The classes whose rule may not know, and why.
MAY_NOT_KNOW = {
    "LSTMCell": "a carry of size 1 is stretched in the course of the calculation",
    "Pipeline": "Keras runs its layers, and on open sizes the backend decides what it can tell",
    "RNN": "a batch without features is taken for the features",
}
# Nested cells take their states nested, which inputs by name cannot say.
UNDRAWN = {"StackedRNNCells"}


@pytest.mark.parametrize("name", sorted(set(RULES) - UNDRAWN))
def test_rule_agrees_with_keras_on_drawn_arguments_and_inputs(name: str) -> None:
    @settings(
        max_examples=40,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case_of(name))
    def agrees(case: tuple[Call, Inputs]) -> None:
        assert_agrees(*case, unknown_allowed=name in MAY_NOT_KNOW)

    agrees()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule_agrees_with_keras_on_chosen_cases(case: Case) -> None:
    assert_agrees(case.call, case.inputs)


@pytest.mark.parametrize("case", [case for case in CASES if not case.refused], ids=str)
def test_dtypes_follow_the_precision_as_keras_lets_them(case: Case) -> None:
    assert_agrees(case.call, case.inputs, policy="mixed_bfloat16")
