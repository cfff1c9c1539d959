"""The call of `model.fit` in the script, and what leads up to it: folders, class weights, the size of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from mnistspec.calls import Call
from mnistspec.datasets import target_facts
from mnistspec.decisions import Decisions
from mnistspec.diagnostics import BadData
from mnistspec.exporters.python_source.feeding import Group, groups_of, length_code, makes_batches
from mnistspec.exporters.python_source.layout import Code, call, flat, listing, quoted, statement, table
from mnistspec.exporters.python_source.objects import construction, expression
from mnistspec.exporters.python_source.symbols import Symbols
from mnistspec.frozen import dataclass
from mnistspec.plan import Plan
from mnistspec.spec import FitSpec, Spec
from mnistspec.typed import TypedGraph
from mnistspec.written_paths import PATH_ARGUMENTS


@dataclass(frozen=True)
class Fitting:
    """A training to write: what the spec says of it, what is decided, and what it is given."""

    fit: FitSpec
    decided: Decisions
    symbols: Symbols
    x: Group
    y: Group
    validated: bool

    def said(self, name: str) -> Code:
        """The code for a setting."""
        return expression(self.symbols.value(getattr(self.fit, name), self.fit.spans.get(name)))

    def lines(self) -> list[str]:
        """The call of `fit`, after the size of a batch where that is needed more than once."""
        if not makes_batches(self.fit):
            sized: dict[str, Code] = {"batch_size": self.said("batch_size")}
            weighted: dict[str, Code] = {"class_weight": "class_weight"} if self.fit.class_weight is not None else {}
            given = {**sized, "epochs": self.said("epochs"), "shuffle": "False", **weighted, **self._others()}
            return statement(call("model.fit", ["x_train", "y_train"], given))
        size = flat(self.said("batch_size"))
        before: list[str] = []
        if self.fit.steps_per_epoch is None and not size.isidentifier():
            before, size = [f"batch_size = {size}"], "batch_size"
        weights = ["weights"] if self.fit.class_weight is not None else []
        batches = call("batches", ["x_train", "y_train", *weights, size])
        # Unless told that nothing is left to shuffle, Keras warns that it does not.
        given = {"epochs": self.said("epochs"), "steps_per_epoch": self._steps(size), "shuffle": "False"}
        return [*before, *statement(call("model.fit", [batches], {**given, **self._others()}))]

    def _steps(self, size: str) -> Code:
        if self.fit.steps_per_epoch is not None:
            return self.said("steps_per_epoch")
        return call("math.ceil", [f"{length_code(self.x, self.y, 'train')} / {size}"])

    def _others(self) -> dict[str, Code]:
        """The validation and the callbacks."""
        arguments = self._validation() if self.validated else {}
        if self.fit.callbacks:
            made = (_callback(self.symbols.call(given)) for given in self.fit.callbacks)
            arguments["callbacks"] = listing(made, opened=True)
        return arguments

    def _validation(self) -> dict[str, Code]:
        """All of the validation split each time, or the first batches of it, as many at a time as in a run."""
        size, steps = self.decided.validation_batch_size.value, self.fit.validation_steps
        arrays = [group.variable("val") if steps is None else group.first("val", steps * size) for group in self._both]
        arguments: dict[str, Code] = {"validation_data": call("", arrays)}
        if self.fit.validation_batch_size is not None:
            arguments["validation_batch_size"] = self.said("validation_batch_size")
        elif makes_batches(self.fit) or size != self.fit.batch_size:
            arguments["validation_batch_size"] = repr(size)
        if self.fit.validation_freq != 1:
            arguments["validation_freq"] = self.said("validation_freq")
        return arguments

    @property
    def _both(self) -> tuple[Group, Group]:
        return self.x, self.y


def fit_lines(
    spec: Spec, plan: Plan, typed: TypedGraph, symbols: Symbols, decided: Decisions, *, validated: bool
) -> list[str]:
    """The lines that train the model. Raises: BadData for class weights that cannot be."""
    assert spec.fit is not None and typed.graph.facts is not None
    x, y = groups_of(plan, typed.graph.facts)
    fitting = Fitting(spec.fit, decided, symbols, x, y, validated)
    return [*_folders(spec.fit.callbacks), *_class_weights(spec.fit, plan, typed), *fitting.lines()]


def _class_weights(fit: FitSpec, plan: Plan, typed: TypedGraph) -> list[str]:
    """The lines that set `class_weight`, and `weights` of the examples where the script makes the batches."""
    if fit.class_weight is None:
        return []
    if len(plan.outputs) > 1:
        raise BadData("`fit.class_weight` needs a model with one output")
    labels = _labels(plan, typed)
    if not isinstance(fit.class_weight, Mapping):
        return _balanced(labels, by_example=makes_batches(fit))
    entries = [(str(int(name)), expression(weight)) for name, weight in fit.class_weight.items()]
    lines = statement(table(entries), "class_weight = ")
    if not makes_batches(fit):
        return lines
    each = f"[class_weight.get(label, 1.0) for label in {labels}.tolist()]"
    return [*lines, *statement(call("np.array", [each, quoted("float32")]), "weights = ")]


def _labels(plan: Plan, typed: TypedGraph) -> str:
    """The class ids (examples,) of the training split."""
    assert typed.graph.facts is not None
    target = target_facts(typed.graph.facts, plan.targets, plan.output_names)[plan.output_names[0]]
    if target is not None and target.one_hot:
        return "y_train.argmax(axis=1)"
    return "y_train" if target is None or target.shape == () else "y_train.reshape(-1)"


def _balanced(labels: str, *, by_example: bool) -> list[str]:
    comment = "# The rarer a class, the more each of its examples counts."
    if not by_example:
        return [
            comment,
            f"classes, counts = np.unique({labels}, return_counts=True)",
            "weights = counts.sum() / (len(classes) * counts)",
            "class_weight = dict(zip(classes.tolist(), weights.tolist(), strict=True))",
        ]
    found = call("np.unique", [labels], {"return_inverse": "True", "return_counts": "True"})
    return [
        comment,
        *statement(found, "_, classes, counts = "),
        "weights = counts.sum() / (len(counts) * counts)",
        'weights = weights.astype("float32")[classes]',
    ]


def _confined(given: Call) -> Call | None:
    """A callback that writes to a path, the path's default written out; None for one that does not."""
    name = PATH_ARGUMENTS.get(given.name)
    return None if name is None else replace(given, arguments={**given.arguments, name: given.argument(name)})


def _callback(given: Call) -> Code:
    confined = _confined(given)
    if confined is None:
        return construction(given)
    name = PATH_ARGUMENTS[given.name]
    path = f"str(FOLDER / {quoted(str(confined.argument(name)))})"
    others = {key: value for key, value in confined.arguments.items() if key != name}
    return construction(replace(given, arguments=others), {name: path})


def _folders(callbacks: tuple[Call, ...]) -> list[str]:
    """The folders inside the script's own that callbacks write to."""
    confined = [one for one in map(_confined, callbacks) if one is not None]
    parents = [PurePosixPath(str(one.argument(PATH_ARGUMENTS[one.name]))).parent.as_posix() for one in confined]
    wanted = dict.fromkeys(parent for parent in parents if parent != ".")
    return [f"(FOLDER / {quoted(parent)}).mkdir(parents=True, exist_ok=True)" for parent in wanted]
