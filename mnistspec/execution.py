"""The steps of a run in their order, from a checked spec to a folder that proves itself."""

from __future__ import annotations

import shutil
import time
from contextlib import nullcontext, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from mnistspec.backend import threads_in_use
from mnistspec.datasets import load, targets_for
from mnistspec.datasets.blank import blank_split
from mnistspec.datasets.loaded import LoadedData, Split
from mnistspec.datasets.stored import whole
from mnistspec.datasets.unchanged import require_as_checked
from mnistspec.decisions import decide
from mnistspec.decisions.decision import Decision
from mnistspec.diagnostics import OutputFailed, RunFailed, UsageError
from mnistspec.exporters.keras_model import build_model
from mnistspec.exporters.python_objects import in_use, require_saveable
from mnistspec.exporters.weights import load_weights
from mnistspec.finishing import Finishing
from mnistspec.memory import require_room_for
from mnistspec.pipeline import CheckResult
from mnistspec.plan import Plan, python_calls
from mnistspec.recording import CHECKPOINT, unwritten
from mnistspec.runs import predictions as kept
from mnistspec.runs import proof
from mnistspec.runs.beginning import written_resolved, written_spec
from mnistspec.runs.environment import devices
from mnistspec.runs.folder import INITIAL_WEIGHTS, in_its_own_folder, write_text
from mnistspec.runs.history import history_text
from mnistspec.runs.narrator import Narrator, SilentNarrator
from mnistspec.runs.outputs import output_records
from mnistspec.runs.record import data_record, model_record, taken_up
from mnistspec.runs.resuming import CannotResume, Resuming, changed_data
from mnistspec.runs.run import Run
from mnistspec.runs.written import changed_code
from mnistspec.spec import Spec
from mnistspec.training.adapting import adapt_layers
from mnistspec.training.ahead import Ahead, ahead
from mnistspec.training.batches import step_count
from mnistspec.training.checkpoint_folder import newest
from mnistspec.training.classes import require_classes_of
from mnistspec.training.determinism import make_deterministic
from mnistspec.training.divergence import Diverged
from mnistspec.training.evaluating import Measurer
from mnistspec.training.examples import Examples, examples_of, inputs_of
from mnistspec.training.fit import History, TrainingFailed, fit_model
from mnistspec.training.ids import require_ids
from mnistspec.training.loop import accelerated
from mnistspec.training.resumable import Resumption
from mnistspec.training.structured import by_name


class Interrupted(RunFailed):
    """The run was stopped from outside; what it had learnt is in its folder."""


def execute(
    result: CheckResult,
    folder: Path,
    *,
    plan: Plan,
    record: dict[str, Any],
    import_seconds: float,
    threads: Decision,
    narrator: Narrator | None,
    resuming: Resuming | None = None,
    weights: Path | None = None,
) -> Run:
    """Runs a spec that is complete and in order in a folder of its own, and returns the run.

    The folder is one in which a run has begun, or that of the run to go on with; `record` is the first of it, `plan`
    has its seed. `weights` are what the training begins with, instead of those that the seed draws.
    Raises: DataUnavailable, BadData, OutputFailed, RunFailed, ProofFailed; CannotResume where the data are not what
    they were. What a failed run had made stays there.
    """
    spec = result.spec
    assert spec is not None
    before = resuming.run.record if resuming is not None else {}
    timings = dict(before.get("timings") or {})
    timings["import"] = timings.get("import", 0.0) + import_seconds
    running = _Execution(result, spec, plan, folder, narrator or SilentNarrator(), timings, resuming)
    running.started = time.perf_counter() - import_seconds - timings.get("total", 0.0)
    running.weights = weights
    running.decided = replace(running.decided, threads=threads)
    running.record = record if resuming is None else taken_up(before, record, resuming.changed)
    running.record |= {"devices": devices(), "threads": threads_in_use(spec.backend)}
    with in_use(plan, spec) as digests:
        running.record |= {"python": dict(digests)} if digests else {}
        return running.go()


class _Execution(Finishing):
    """The steps of one run in their order, each timed, the record written whenever something is decided."""

    def __init__(
        self,
        result: CheckResult,
        spec: Spec,
        plan: Plan,
        folder: Path,
        narrator: Narrator,
        timings: dict[str, float],
        resuming: Resuming | None,
    ) -> None:
        assert spec.data is not None and spec.fit is not None and spec.compile is not None and result.graph is not None
        super().__init__(folder, timings, spec, plan, decide(result.graph, spec))
        self.result, self.narrator = result, narrator
        self.data_spec, self.fit_spec, self.compile_spec, self.typed = spec.data, spec.fit, spec.compile, result.graph
        self.resuming = resuming
        self.goes_on = resuming is None  # until it is sure that it does, nothing in a run's folder is touched
        self.weights: Path | None = None
        self.ahead: Ahead | None = None

    def go(self) -> Run:
        try:
            if self.resuming is None:
                self.write_record("running")
            with in_its_own_folder() if self.resuming is not None else nullcontext():
                return self.loaded_and_trained()
        except (Interrupted, CannotResume):
            raise
        except KeyboardInterrupt:
            if self.goes_on:
                self.write_record("interrupted")
            raise Interrupted(f"interrupted {self.reached()}") from None
        except Exception as error:
            # Also one that is ours to mend and is shown whole: the record must not say that the run still goes on.
            self.record["error"] = str(error)
            with suppress(OutputFailed):  # whatever is wrong with the disk, the first thing that went wrong is told
                if self.goes_on:
                    self.write_record("failed")
            broken_off = isinstance(error, TrainingFailed) and not isinstance(error.__cause__, Diverged)
            if (broken_off or isinstance(error, OutputFailed)) and self.is_saved():
                self.narrator.warn(f"warning: the training stays saved as far as it was; {self.way_on(self.fit_spec)}")
            raise

    def reached(self) -> str:
        """How far a run came that was interrupted where no state could be saved."""
        if self.resuming is None and not (self.folder / "history.csv").exists():
            return "before the training; nothing is left behind"
        return f"in the midst; what there is lies in {self.folder}; {self.way_on(self.fit_spec)}"

    def loaded_and_trained(self) -> Run:
        require_room_for(self.typed.graph.facts, self.spec, str(self.decided.hold.value))
        self.ahead = self.begin_ahead()
        data = self.load()
        if self.resuming is not None:
            self.require_the_same(self.resuming, data)
        return self.train_and_keep(self.build(data), data)

    def require_the_same(self, resuming: Resuming, data: LoadedData) -> None:
        """Raises: CannotResume where data or code are not what they were, and that is not accepted."""
        more = (
            *changed_data(resuming.run, data.digest),
            *changed_code(resuming.run.record, self.record.get("python", {})),
        )
        resuming.require(*more)
        self.record["resumed"][-1]["changed"] += more

    def take_up(self) -> None:
        """Once the last state is in its place. Only now is it sure that the run goes on."""
        assert self.resuming is not None
        self.goes_on = True
        if self.resuming.changed:
            self.record |= written_spec(self.result, self.plan, self.folder)
        elif not self.resuming.spec_is_kept():
            self.record |= written_resolved(self.result, self.plan, self.folder)
        self.write_record("running")

    def begin_ahead(self) -> Ahead | None:
        """The model built, and its training being compiled while the data are read, where XLA compiles it whole."""
        facts = self.typed.graph.facts
        if facts is None or not self.may_begin_ahead():
            return None
        split = blank_split(self.data_spec.source, facts, stored=self.decided.hold.value == "stored")
        if split is None:
            return None
        with self.timed("build"):
            model = self.fresh_model()
            examples = self.examples(model, split)
            assert examples is not None
            return ahead(model, examples, self.fit_spec.batch_size)

    def may_begin_ahead(self) -> bool:
        decided, of_tensorflow = self.decided, self.spec.backend == "tensorflow"
        if not of_tensorflow or not decided.compiled_whole or decided.left_to_keras or decided.hold.value == "streamed":
            return False
        learns = any(step.learns for step in self.plan.everywhere())
        if learns or self.resuming is not None or self.fit_spec.class_weight is not None:
            return False
        # Python's own callbacks may set weights before the training, in the midst of the compiling.
        return not python_calls(self.plan, self.spec)

    def load(self) -> LoadedData:
        with self.timed("data"):
            assert self.plan.seed is not None
            folder, narrator = self.spec.source.folder, self.narrator
            data = load(
                self.data_spec, seed=self.plan.seed, folder=folder, say=narrator.say, warn=narrator.warn,
                stored=self.decided.hold.value == "stored", streamed=self.decided.hold.value == "streamed",
            )  # fmt: skip
            require_as_checked(self.typed.graph.facts, data.facts)
            require_ids(self.typed, data)
            return data

    def build(self, data: LoadedData) -> Any:
        with self.timed("build"):
            if self.plan.deterministic:
                make_deterministic()
            model = self.ahead.model if self.ahead is not None else self.fresh_model(data)
            if self.spec.outputs.model:
                require_saveable(model, self.plan)
        self.record["model"] = model_record(model, self.plan, self.typed.flops)
        self.narrator.model_built(self.record["model"])
        return model

    def fresh_model(self, data: LoadedData | None = None) -> Any:
        """The model as the spec says it, layers that learn from `data` adapted, weights as the seed draws them or as
        they were given.
        """
        model = build_model(self.plan)
        if data is not None:
            adapt_layers(model, self.plan, inputs_of(data.train, tuple(given.name for given in self.plan.inputs)))
        if "initial_weights" in self.record:
            load_weights(model, self.weights or self.folder / INITIAL_WEIGHTS)
        return model

    def examples(self, model: Any, split: Split | None) -> Examples | None:
        if split is None:
            return None
        targets = targets_for(split, self.plan.targets, self.plan.output_names)
        return examples_of(model, split, targets, tuple(given.name for given in self.plan.inputs))

    def train_and_keep(self, model: Any, data: LoadedData) -> Run:
        train, validation, test = (self.examples(model, split) for split in (data.train, data.validation, data.test))
        assert train is not None
        splits = {"train": train, "validation": validation, "test": test}
        names = self.plan.output_names
        learnt = {split: by_name(one.y, names) for split, one in splits.items() if one is not None}
        require_classes_of(self.plan, model, learnt)
        self.record["data"] = data_record(data, self.data_spec.source.name, {})
        self.decide(train)
        measurer = Measurer(model, left_to_keras=self.decided.left_to_keras)
        history = self.fit(measurer, train, validation)
        with self.timed("save"):
            proof.forget(model)
            self.save_model(model)
        if history.interrupted:
            raise self.kept_interrupted(history)
        self.evaluate(measurer, history, validation, test)
        shown = test or validation or train
        split = data.test or data.validation or data.train
        predicted, state = self.predict(model, shown)
        targets = {name: whole(held) for name, held in by_name(shown.y, self.plan.output_names).items()}
        records = output_records(self.plan, predicted, targets, data)
        self.record["data"]["outputs"] = records
        with self.timed("save"):
            if self.spec.outputs.predictions:
                kept.write_predictions(
                    self.folder, records, predicted, targets, self.spec.predict.samples, split.raw, data.class_names
                )
        self.verify(data, state, predicted, shown)
        self.export(model, predicted, split)
        return self.finish()

    def decide(self, train: Examples) -> None:
        """Decides again, now that the examples are counted and the device is known."""
        again = decide(self.typed, self.spec, examples=train.count, accelerated=accelerated())
        # How the examples are held and with how many threads is no longer open.
        self.decided = replace(again, hold=self.decided.hold, threads=self.decided.threads)

    def fit(self, measurer: Measurer, train: Examples, validation: Examples | None) -> History:
        fit, decided, model = self.fit_spec, self.decided, measurer.model
        steps = fit.steps_per_epoch or step_count(train.count, fit.batch_size)
        whole = decided.compiled_whole
        at_once = decided.steps_per_execution.value
        self.record |= {"steps_per_execution": at_once, "jit_compile": whole or bool(model.jit_compile)}
        self.record["decisions"] = {name: asdict(one) for name, one in decided.by_setting().items()}
        assert self.plan.seed is not None
        resumption = self.resumption()
        if resumption is None:
            self.write_record("running")
        try:
            with self.timed("fit"):
                history = fit_model(
                    model, fit, train, validation,
                    seed=self.plan.seed, steps_at_once=at_once, compiled_whole=whole,
                    left_to_keras=decided.left_to_keras,
                    validation_batch_size=decided.validation_batch_size.value, measurer=measurer,
                    ahead=self.ahead, folder=self.folder, listener=self.narrator, resumption=resumption,
                )  # fmt: skip
        except TrainingFailed as failure:
            if failure.history.rows:
                self.keep_history(failure.history, steps)
            if (told := unwritten(failure, self.folder)) is not None:
                raise told from failure
            raise
        except UsageError as error:
            if self.goes_on:
                raise
            raise CannotResume(f"`{self.folder}` is left as it was: {error}") from error
        if history.interrupted and not self.goes_on:
            raise KeyboardInterrupt  # the model is not yet what had been learnt
        self.keep_history(history, steps)
        return history

    def resumption(self) -> Resumption | None:
        """Where the training of a run that is taken up goes on."""
        if self.resuming is None:
            return None
        found = newest(self.folder / CHECKPOINT, self.narrator.warn)
        if found is None:
            self.narrator.say("no state had been saved: the training begins anew\n")
            return Resumption(taken_up=self.take_up)
        path, state = found
        self.narrator.say(f"going on after {state.position}, from {path}\n")
        self.record["resumed"][-1] |= {"epoch": state.position.epoch, "step": state.position.step}
        leave = frozenset(["learning_rate"] if self.resuming.new_optimizer else [])
        return Resumption(state, path, leave, self.take_up)

    def keep_history(self, history: History, steps: int) -> None:
        self.record["epochs"] = {
            "asked": self.fit_spec.epochs,
            "run": len(history.rows),
            "kept": history.kept,
            "batch_size": self.fit_spec.batch_size,
            "steps": steps,
        }
        write_text(self.folder / "history.csv", history_text(history))

    def kept_interrupted(self, history: History) -> Interrupted:
        """Writes down what was learnt so far; returns what to raise."""
        self.report("interrupted", self.spec.outputs.report)
        done = f"interrupted after {len(history.rows)} of {self.fit_spec.epochs} epochs"
        what = "the model as it was" if self.spec.outputs.model else "what there is"
        return Interrupted(f"{done}; {what} lies in {self.folder}; {self.way_on(self.fit_spec)}")

    def finish(self) -> Run:
        failure = self.failure()
        self.report("failed" if failure else "finished", self.spec.outputs.report)
        # Not before: until the record is whole, the run could have to be taken up again.
        shutil.rmtree(self.folder / CHECKPOINT, ignore_errors=True)
        if failure:
            raise failure
        return Run(self.folder, self.record)
