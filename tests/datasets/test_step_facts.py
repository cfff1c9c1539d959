from __future__ import annotations

import pytest

from mnistspec.datasets.facts import UNKNOWN, ArrayFacts
from mnistspec.datasets.step_facts import StepProblem, facts_after

from .making import steps_of

PIXELS = ArrayFacts((28, 28), "uint8", 0, 255)
COLOUR = ArrayFacts((32, 32, 3), "uint8", 0, 255)
DIGITS = ArrayFacts((), "uint8", 0, 9, 10)
WORDS = ArrayFacts((None,), "int32", 0, 999, ragged=True)


@pytest.mark.parametrize(
    ("steps", "before", "after"),
    [
        ("[{rescale: 255}]", PIXELS, ArrayFacts((28, 28), "float32", 0, 1)),
        ("[{rescale: -5}]", PIXELS, ArrayFacts((28, 28), "float32", -51, 0)),
        ("[standardize]", COLOUR, ArrayFacts((32, 32, 3), "float32")),
        ("[normalize]", PIXELS, ArrayFacts((28, 28), "float32", 0, 1)),
        ("[{resize: [14, 7]}]", PIXELS, ArrayFacts((14, 7), "uint8", 0, 255)),
        ("[{resize: [14, 7]}]", ArrayFacts((3, 3, 2), "float64", -1, 1), ArrayFacts((14, 7, 2), "float32", -1, 1)),
        ("[grayscale]", COLOUR, ArrayFacts((32, 32, 1), "uint8", 0, 255)),
        ("[{cast: int16}]", PIXELS, ArrayFacts((28, 28), "int16", 0, 255)),
        ("[{cast: float32}]", DIGITS, ArrayFacts((), "float32", 0, 9, 10)),
        ("[expand_dims]", PIXELS, ArrayFacts((28, 28, 1), "uint8", 0, 255)),
        ("[{expand_dims: 0}]", PIXELS, ArrayFacts((1, 28, 28), "uint8", 0, 255)),
        ("[{reshape: [-1, 4]}]", PIXELS, ArrayFacts((196, 4), "uint8", 0, 255)),
        ("[{pad_sequences: 80}]", WORDS, ArrayFacts((80,), "int32", 0, 999)),
        ("[{pad_sequences: {value: -1}}]", WORDS, ArrayFacts((None,), "int32", -1, 999)),
        ("[one_hot]", DIGITS, ArrayFacts((10,), "float32", 0, 1, 10, one_hot=True)),
        ("[one_hot]", ArrayFacts((1,), "uint8", 0, 9, 10), ArrayFacts((10,), "float32", 0, 1, 10, one_hot=True)),
        ("[{one_hot: 12}]", DIGITS, ArrayFacts((12,), "float32", 0, 1, 12, one_hot=True)),
        ("[{rescale: 255}, {reshape: [784]}]", PIXELS, ArrayFacts((784,), "float32", 0, 1)),
        ("[{reshape: [784]}]", UNKNOWN, ArrayFacts((784,), None)),
    ],
)
def test_facts_after_steps(steps: str, before: ArrayFacts, after: ArrayFacts) -> None:
    assert facts_after(steps_of(steps), before) == after


@pytest.mark.parametrize(
    ("steps", "before", "message"),
    [
        ("[{rescale: 0}]", PIXELS, "rescale: cannot divide by 0"),
        ("[{standardize: {axis: 2}}]", PIXELS, "there is no axis 2 in examples of rank 2"),
        ("[{resize: [4, 4]}]", DIGITS, "these examples are ()"),
        ("[grayscale]", PIXELS, "colour pictures are (height, width, 3), these examples are (28, 28)"),
        ("[{cast: uint8}]", ArrayFacts((3,), "int64", -1, 5), "the value -1 does not fit uint8 (0 to 255)"),
        ("[{cast: bfloat16}]", PIXELS, "data cannot be held as bfloat16"),
        ("[{expand_dims: 3}]", PIXELS, "axis 3 is outside examples of rank 2"),
        ("[{reshape: [785]}]", PIXELS, "(28, 28) holds 784 values, which do not fill (785,)"),
        ("[{reshape: [-1, 5]}]", PIXELS, "holds 784 values"),
        ("[{reshape: [-1, -1]}]", PIXELS, "is no shape"),
        ("[{pad_sequences: 80}]", PIXELS, "these examples are (28, 28), not sequences"),
        ("[{rescale: 2}]", WORDS, "the examples differ in length"),
        ("[{one_hot: 9}]", DIGITS, "there are 10 classes, more than 9"),
        ("[one_hot, one_hot]", DIGITS, "one-hot already"),
        ("[{rescale: 1}, one_hot]", DIGITS, "class ids are integers, these values are float32"),
        ("[{rescale: 2}]", ArrayFacts((1,), "string"), "text, not numbers"),
    ],
)
def test_steps_that_cannot_apply_say_why(steps: str, before: ArrayFacts, message: str) -> None:
    given = steps_of(steps)
    with pytest.raises(StepProblem) as caught:
        facts_after(given, before)
    assert message in caught.value.message
    assert caught.value.step == given[-1]
    assert caught.value.span in (given[-1].span, *given[-1].spans.values())


@pytest.mark.parametrize(
    ("steps", "before", "place", "help"),
    [
        ("[{rescale: 0}]", PIXELS, "0", "divide by the largest value there can be: 255 takes pixels to 0..1"),
        ("[{reshape: [785]}]", PIXELS, "[785]", "write `reshape: [784]`"),
        ("[{reshape: [2, 3]}]", PIXELS, "[2, 3]", "write `reshape: [2, 392]`"),
        ("[{reshape: [-1, 5]}]", PIXELS, "[-1, 5]", "the sizes multiplied have to be 784"),
        ("[{cast: {dtype: bfloat16}}]", PIXELS, "bfloat16", None),
        ("[one_hot, one_hot]", DIGITS, "one_hot", "leave this step out"),
    ],
)
def test_the_place_is_the_option_at_fault_and_the_help_a_way_out(
    steps: str, before: ArrayFacts, place: str, help: str | None
) -> None:
    with pytest.raises(StepProblem) as caught:
        facts_after(steps_of(steps), before)
    assert caught.value.span is not None and caught.value.span.text == place
    assert caught.value.help is not None and help in (None, caught.value.help)
