"""Hints: the help line, the change that it means, and how sure that is."""

from __future__ import annotations

import pytest

from mnistspec.hints import Hint, hint, hint_of_key, listed
from mnistspec.parse import parse
from mnistspec.source import Source, Span

_TANH = "Activation: {activation: tanh}"


def _hint(word: str, known: tuple[str, ...], context: str = "") -> Hint | None:
    return hint(word, known, Span(Source(word), 0, len(word)), context)


def _change(found: Hint | None) -> tuple[str, bool] | None:
    return (found.fix.text, found.fix.certain) if found is not None and found.fix is not None else None


@pytest.mark.parametrize(
    ("word", "known", "context", "help", "change"),
    [
        ("activaton", ("activation",), "", "did you mean `activation`?", ("activation", True)),
        ("lr", ("learning_rate",), "arguments of optimizers", "did you mean `learning_rate`?", ("learning_rate", True)),
        ("T_max", ("decay_steps",), "arguments of schedules", "did you mean `decay_steps`?", ("decay_steps", False)),
        ("l3", ("l1", "l2"), "", "did you mean `l1` or `l2`?", ("l1", False)),
        ("units:10", ("units",), "", "put a space after the colon: `units: 10`", (" ", True)),
        ("num_layers", ("units",), "arguments of layers", None, None),
        ("nn.Tanh", ("ReLU",), "layers", "write `Activation: {activation: tanh}`", (_TANH, True)),
    ],
)  # fmt: skip
def test_what_is_said_and_what_would_be_written(
    word: str, known: tuple[str, ...], context: str, help: str | None, change: tuple[str, bool] | None
) -> None:
    found = _hint(word, known, context)
    assert found is not None
    assert help is None or found.help == help
    assert _change(found) == change


def test_nothing_is_said_where_nothing_is_near() -> None:
    assert _hint("zebra", ("units",)) is None


def test_a_key_without_counterpart_is_taken_out() -> None:
    root = parse(Source("{in_channels: 3, filters: 4}")).value
    assert root is not None
    found = hint_of_key(root.entries[0], root, ("kernel_size",), "arguments of layers")
    assert found is not None and found.fix is not None
    assert (found.help, found.fix.span.text, found.fix.text) == (
        "Keras reads it off the input: remove it",
        "in_channels: 3, ",
        "",
    )


def test_doubt_leaves_the_words_and_takes_the_certainty() -> None:
    sure = _hint("activaton", ("activation",))
    assert sure is not None and sure.is_certain
    assert not sure.in_doubt().is_certain
    assert sure.in_doubt().help == sure.help


def test_names_are_listed_as_far_as_there_is_room() -> None:
    assert listed(["a", "b"]) == "`a`, `b`" and listed(["a", "b"], " and ") == "`a` and `b`"
    assert listed(map(str, range(25))).endswith("`18`, `19` and 5 more")
    assert listed(["x" * 300, "y" * 300, "z"]) == f"`{'x' * 300}` and 2 more"
