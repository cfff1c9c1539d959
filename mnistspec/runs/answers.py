"""What a model answers for each example: the likeliest classes by name, or values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mnistspec.frozen import dataclass
from mnistspec.runs.inputs import Example, Examples, model_inputs
from mnistspec.runs.predictions import as_probabilities
from mnistspec.runs.run import Run


@dataclass(frozen=True)
class Choice:
    """A class as an answer: its name, its id and how probable the model finds it (0 to 1)."""

    label: str
    id: int
    probability: float


@dataclass(frozen=True)
class Classes:
    """The likeliest classes, the likeliest first."""

    top: tuple[Choice, ...]


@dataclass(frozen=True)
class Values:
    """An output that is no class: its numbers, nested as the output's shape is."""

    value: Any


Answer: TypeAlias = Classes | Values
# An example, and the answer of each output by its name.
Answered: TypeAlias = tuple[Example, Mapping[str, Answer]]


def answers(run: Run, parts: Iterable[Examples], *, top: int, batch_size: int) -> Iterator[Answered]:
    """The answers of a run's model, one example after the other. Raises: UsageError, MissingExtra, BadData."""
    model = run.model()
    from mnistspec.runs.proof import forget, predicted_by  # need Keras, which is here by now, on the run's backend
    from mnistspec.training.structured import as_inputs

    forget(model)
    record, facts = run.record["model"], dict[str, OutputFacts]()
    for part in parts:
        x = as_inputs(model, model_inputs(part.arrays, record["inputs"]), record["inputs"])
        predicted = predicted_by(model, x, tuple(record["outputs"]), batch_size)
        # What the record does not tell is judged by the first part for all.
        facts = facts or {name: facts_of(run, name, array) for name, array in predicted.items()}
        by_output = {name: answers_of(array, facts[name], top) for name, array in predicted.items()}
        for origin, *row in zip(part.origins, *by_output.values(), strict=True):
            yield origin, dict(zip(by_output, row, strict=True))


@dataclass(frozen=True)
class OutputFacts:
    """What an output is for (`classification`, `binary`, `regression`), its classes' names, whether it gives logits."""

    task: str
    class_names: tuple[str, ...] | None
    logits: bool


def facts_of(run: Run, name: str, prediction: NDArray[Any]) -> OutputFacts:
    """What the run's record says of an output, or, for a run interrupted before it could, what its values look like."""
    data = run.record["data"]
    known = data["outputs"].get(name)
    if known is not None:
        names = known["class_names"]
        return OutputFacts(known["task"], tuple(names) if names else None, bool(known["logits"]))
    names = data["preparation"]["class_names"] or ()
    if prediction.ndim != 2 or prediction.shape[1] < 2 or prediction.shape[1] != len(names):
        return OutputFacts("regression", None, logits=False)
    sums = prediction.sum(axis=1)
    return OutputFacts("classification", tuple(names), logits=not np.allclose(sums, 1, atol=1e-2))


def answers_of(prediction: NDArray[Any], facts: OutputFacts, top: int) -> list[Answer]:
    """The answers in an output's values (examples, ...); of classes the `top` likeliest."""
    if facts.task == "regression":
        return [Values(value) for value in prediction.tolist()]
    shares = as_probabilities(prediction, facts.task, logits=facts.logits)
    if facts.task == "binary":
        sure = shares.reshape(len(shares)).astype(np.float64)
        shares = np.stack([1 - sure, sure], axis=1)
    order = np.argsort(-shares, axis=1, kind="stable")[:, :top]
    return [_classes(row, ids, facts.class_names) for row, ids in zip(shares, order, strict=True)]


def _classes(shares: NDArray[Any], ids: NDArray[np.intp], names: Sequence[str] | None) -> Classes:
    return Classes(tuple(Choice(names[i] if names else str(i), int(i), float(shares[i])) for i in ids))


def as_data(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """One example's answers as plain data, by output name."""
    return {name: _answer_data(answer) for name, answer in answers.items()}


def _answer_data(answer: Answer) -> dict[str, Any]:
    if isinstance(answer, Values):
        return {"value": answer.value}
    first = answer.top[0]
    return {
        "label": first.label,
        "class": first.id,
        "probability": first.probability,
        "top": [{"label": choice.label, "probability": choice.probability} for choice in answer.top],
    }
