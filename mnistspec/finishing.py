"""What is made of a trained model: its files, its numbers and predictions, the proof of the files, its exports."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from mnistspec.datasets.loaded import LoadedData, Split
from mnistspec.decisions import Decisions
from mnistspec.plan import Plan
from mnistspec.recording import Recording, keras_failures
from mnistspec.runs import proof
from mnistspec.runs.exported import write_exports
from mnistspec.runs.folder import write_whole
from mnistspec.runs.history import training_metrics
from mnistspec.spec import Spec
from mnistspec.training.checkpoint import size_of
from mnistspec.training.evaluating import Measurer
from mnistspec.training.examples import Examples
from mnistspec.training.fit import History
from mnistspec.training.progress import numbers

# Keras' own default, so that plain `model.predict(x)` gives the very bits that are kept here.
_PREDICT_BATCH = 32


class Finishing(Recording, ABC):
    """The last steps of a run, each timed, what they find in its record."""

    def __init__(self, folder: Path, timings: dict[str, float], spec: Spec, plan: Plan, decided: Decisions) -> None:
        super().__init__(folder, timings)
        self.spec, self.plan, self.decided = spec, plan, decided

    @abstractmethod
    def fresh_model(self, data: LoadedData | None = None) -> Any:
        """The model as it is before it is trained."""

    def evaluate(
        self, measurer: Measurer, history: History, validation: Examples | None, test: Examples | None
    ) -> None:
        with self.timed("evaluate"):
            self.record["metrics"] = {
                "train": training_metrics(history),
                "validation": self.measured(measurer, validation),
                "test": self.measured(measurer, test),
            }

    def measured(self, measurer: Measurer, examples: Examples | None) -> dict[str, float] | None:
        if examples is None:
            return None
        proof.forget(measurer.model)  # no split begins with the states that the one before has left
        with keras_failures("evaluation"):
            size = self.decided.evaluate_batch_size.value
            found = measurer.evaluated(examples.x, examples.y, examples.count, size, self.spec.evaluate.steps)
        return numbers(found)

    def predicted(self, model: Any, x: Any) -> dict[str, NDArray[Any]]:
        batch_size = self.spec.predict.batch_size or self.plan.batch_size or _PREDICT_BATCH
        return proof.predict(model, x, self.plan.output_names, batch_size)

    def predict(self, model: Any, examples: Examples) -> tuple[dict[str, NDArray[Any]], proof.RandomState]:
        with self.timed("predict"), keras_failures("prediction"):
            state = proof.RandomState(model)
            return self.predicted(model, examples.x), state

    def save_model(self, model: Any) -> None:
        with keras_failures("saving"):  # a clock that says 1970, for one, which archives do not know
            if self.spec.outputs.model:
                write_whole(self.folder / "model.keras", model.save, size=size_of(model))
            if self.spec.outputs.weights:
                write_whole(self.folder / "model.weights.h5", model.save_weights, size=size_of(model))

    def verify(
        self, data: LoadedData, state: proof.RandomState, expected: dict[str, NDArray[Any]], shown: Examples
    ) -> None:
        """Both files loaded back; a difference fails the run, once everything is on disk to look at."""

        def predict_with(model: Any) -> dict[str, NDArray[Any]]:
            return self.predicted(model, shown.x)

        found: dict[str, Any] = {}
        with self.timed("verify"):
            if self.spec.outputs.model:
                found["model.keras"] = proof.check_model_file(
                    self.folder / "model.keras", state, expected, predict_with
                )
            if self.spec.outputs.weights:
                fresh = self.fresh_model(data)
                path = self.folder / "model.weights.h5"
                found["model.weights.h5"] = proof.check_weights_file(path, fresh, state, expected, predict_with)
        self.record["verification"] = found or None

    def export(self, model: Any, predicted: dict[str, NDArray[Any]], split: Split) -> None:
        """Last, once the model is proven: whatever goes wrong here loses nothing."""
        if self.spec.outputs.export:
            with self.timed("export"):
                proof.forget(model)
                self.record["exports"] = write_exports(
                    model, self.spec.outputs.export, self.folder, predicted, split, self.plan
                )
