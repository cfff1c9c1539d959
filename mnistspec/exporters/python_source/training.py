"""The part of the script that trains the model, measures it, saves it, and loads what was saved to compare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mnistspec.calls import calls_in
from mnistspec.decisions import EVALUATED, decide
from mnistspec.exporters.python_source.code import load_lines
from mnistspec.exporters.python_source.fitting import fit_lines
from mnistspec.exporters.python_source.layout import INDENT, Code, call, listing, quoted, statement
from mnistspec.exporters.python_source.model import indented
from mnistspec.exporters.python_source.structured import in_order
from mnistspec.exporters.python_source.symbols import Symbols
from mnistspec.plan import Plan
from mnistspec.spec import Spec
from mnistspec.structures import Structure
from mnistspec.typed import TypedGraph


def main_function(
    spec: Spec, plan: Plan, typed: TypedGraph, splits: tuple[str, ...], symbols: Symbols, *, adapts: bool
) -> list[str]:
    """The lines of `main()` of a script that trains. Raises: BadData for class weights that cannot be."""
    tested, decided = splits[-1], decide(typed, spec, accelerated=False)
    lines = [
        *_unpacked(splits),
        "",
        "model = build_model()",
        *(["adapt(model, x_train)"] if adapts else []),
        "model.summary()",
        "FOLDER.mkdir(parents=True, exist_ok=True)",
        *fit_lines(spec, plan, typed, symbols, decided, validated="val" in splits),
        "",
        *(["forget(model)"] if _carries_states(plan) else []),
        *_evaluation(spec, plan, tested, decided.evaluate_batch_size.value),
        *_prediction(spec, plan, tested),
        *_saving(spec, plan, tested, adapts),
    ]
    return ["def main():", *indented(lines)]


def _unpacked(splits: tuple[str, ...]) -> list[str]:
    targets = ", ".join(f"(x_{split}, y_{split})" for split in splits)
    return [f"{targets} = load_data()" if len(splits) > 1 else f"({targets},) = load_data()"]


def _sized(batch_size: int | None, plan: Plan) -> dict[str, Code]:
    size = batch_size or plan.batch_size
    return {} if size is None else {"batch_size": repr(size)}


def _evaluation(spec: Spec, plan: Plan, split: str, size: int) -> list[str]:
    """The lines that measure the model, with as many examples at a time as in a run."""
    arguments = _sized(spec.evaluate.batch_size or (size if size != EVALUATED else None), plan)
    if spec.evaluate.steps is not None:
        arguments["steps"] = repr(spec.evaluate.steps)
    evaluate = call("model.evaluate", [f"x_{split}", f"y_{split}"], {**arguments, "return_dict": "True"})
    shown = {"val": "validation", "train": "training"}.get(split, split)
    return [*statement(evaluate, "scores = "), f'print("{shown}:", scores)']


def _predict(model: str, spec: Spec, plan: Plan, split: str) -> Code:
    sized = _sized(spec.predict.batch_size, plan)
    if _carries_states(plan):
        return call("predict", [model, f"x_{split}"])
    return in_order(call(f"{model}.predict", [f"x_{split}"], sized), _structure(plan))


def _structure(plan: Plan) -> Structure:
    """The structure in which Keras predicts; None for one array, or one list of several. It takes one out of lists."""
    return plan.output_structure if len(plan.outputs) > 1 or isinstance(plan.output_structure, Mapping) else None


def _prediction(spec: Spec, plan: Plan, split: str) -> list[str]:
    compared = (spec.outputs.model or spec.outputs.weights) and not _answers_by_chance(plan)
    if not (compared or spec.outputs.predictions):
        return []
    lines = statement(_predict("model", spec, plan, split), "predictions = ")
    if not spec.outputs.predictions:
        return lines
    if len(plan.outputs) > 1:
        names: Code = "model.output_names"
        if isinstance(plan.output_structure, Mapping):
            names = listing(map(quoted, plan.output_names))
        named = call("**dict", [call("zip", [names, "predictions"], {"strict": "True"})])
        return [*lines, *statement(call("np.savez", ['FOLDER / "predictions.npz"', named]))]
    return [*lines, 'np.savez(FOLDER / "predictions.npz", predictions=predictions)']


def state_functions(spec: Spec, plan: Plan) -> list[list[str]]:
    """The lines of `forget(model)` and `predict(model, x)`, for models that carry states from batch to batch."""
    if not _carries_states(plan):
        return []
    forget = [
        '"""Takes recurrent layers that carry states over back to their first states."""',
        "for layer in model.layers:",
        f'{INDENT}if getattr(layer, "stateful", False):',
        f"{INDENT * 2}layer.reset_state()",
    ]
    predict = call("model.predict", ["x"], _sized(spec.predict.batch_size, plan))
    body = ['"""Predictions from the first states."""', "forget(model)", *statement(predict, "return ")]
    return [["def forget(model):", *indented(forget)], ["def predict(model, x):", *indented(body)]]


def _carries_states(plan: Plan) -> bool:
    return any(given.argument("stateful") is True for step in plan.steps for given in calls_in(step.call))


def _answers_by_chance(plan: Plan) -> bool:
    """Whether layers called as in training make every prediction another."""
    return any(step.call_arguments.get("training") is True for step in plan.steps)


def _saving(spec: Spec, plan: Plan, split: str, adapts: bool) -> list[str]:
    outputs = spec.outputs
    saved = ['model.save(FOLDER / "model.keras")'] if outputs.model else []
    saved += ['model.save_weights(FOLDER / "model.weights.h5")'] if outputs.weights else []
    if not saved:
        return []
    loaded: list[str] = []
    if outputs.model:
        loaded += load_lines(spec, plan)
    if outputs.weights:
        loaded += [
            "rebuilt = build_model()",
            *(["adapt(rebuilt, x_train)"] if adapts else []),
            "rebuilt.optimizer.build(rebuilt.trainable_variables)",
            'rebuilt.load_weights(FOLDER / "model.weights.h5")',
        ]
    models = [name for name, wanted in (("reloaded", outputs.model), ("rebuilt", outputs.weights)) if wanted]
    return ["", *saved, "", *_comparison(spec, plan, split, models, loaded)]


def _comparison(spec: Spec, plan: Plan, split: str, models: list[str], loaded: list[str]) -> list[str]:
    """What was loaded must answer as the model does; where answers are left to chance, its weights must be the same."""
    chance = _answers_by_chance(plan)
    what = ("holds", "hold", "the same weights") if chance else ("predicts", "predict", "the same")
    found = f"it {what[0]}" if len(models) == 1 else f"both {what[1]}"
    again: Any = "other.get_weights()" if chance else _predict("other", spec, plan, split)
    expected = "model.get_weights()" if chance else "predictions"
    several = chance or len(plan.outputs) > 1
    compared = [*statement(again, "again = ", depth=2)]
    if several:
        compared += [
            f"for before, after in zip({expected}, again, strict=True):",
            f"{INDENT}np.testing.assert_array_equal(after, before)",
        ]
    else:
        compared.append(f"np.testing.assert_array_equal(again, {expected})")
    names = ", ".join(models) + ("," if len(models) == 1 else "")
    return [
        f"# What was saved must, loaded again, {what[1]} {what[2]}.",
        *loaded,
        f"for other in ({names}):",
        *indented(compared),
        f'print(f"saved in {{FOLDER}}; loaded again, {found} {what[2]}")',
    ]
