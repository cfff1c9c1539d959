"""The part of the script that loads the data: read, split, prepared, and handed out as inputs and targets."""

from __future__ import annotations

from collections.abc import Mapping

from mnistspec.datasets import facts_of
from mnistspec.datasets.csv_table import layout_of, open_table
from mnistspec.datasets.facts import DataFacts
from mnistspec.datasets.options import text
from mnistspec.datasets.prepared import steps_of_y
from mnistspec.datasets.sources.base import below
from mnistspec.exporters.python_source.layout import Code, call, quoted, statement, table
from mnistspec.exporters.python_source.model import indented
from mnistspec.exporters.python_source.parts import Part, SourceToRead
from mnistspec.exporters.python_source.preparing import preparing_part
from mnistspec.exporters.python_source.sources import source_part
from mnistspec.exporters.python_source.splitting import Splitting, is_plain, limits_and_draws
from mnistspec.exporters.python_source.structured import arrays_code
from mnistspec.frozen import dataclass
from mnistspec.plan import Plan
from mnistspec.spec import DataSpec, SourceSpec, Spec
from mnistspec.structures import has_lists


@dataclass(frozen=True)
class Loading:
    """`load_data()` of the script as a part, and the names of the splits that it returns, `train` first."""

    part: Part
    splits: tuple[str, ...]


def loading(spec: Spec, plan: Plan) -> Loading:
    """The code that loads a spec's data. Raises: DataUnavailable for a file that is not there, BadData."""
    data = spec.data
    assert data is not None
    folder = spec.source.folder
    facts = facts_of(data.source, folder)
    # Where y is x, and is prepared like it, there is no y until both are ready.
    same = facts.y_is_x and not data.prepare_y
    read, tested = source_part(SourceToRead(data.source, facts, folder))
    splitting = Splitting(facts, ("x",) if same else ("x", "y"), {"train": facts.train})
    if tested:
        splitting.read("test", facts.test)
    other, count = _validation(data, spec) if isinstance(data.validation, SourceSpec) else (None, None)
    body = read + _copied(facts, same, splitting.splits) + limits_and_draws(splitting, data, other, count)
    return _returned(body + _prepared(data, facts, spec, splitting), facts, same, data, plan, splitting.splits)


def _validation(data: DataSpec, spec: Spec) -> tuple[Part, int | None]:
    assert isinstance(data.validation, SourceSpec)
    folder = spec.source.folder
    facts = facts_of(data.validation, folder)
    part, _ = source_part(SourceToRead(data.validation, facts, folder, "val", None, data.source))
    return part + _copied(facts, facts.y_is_x and not data.prepare_y, ("val",)), facts.train


def _copied(facts: DataFacts, same: bool, splits: tuple[str, ...]) -> Part:
    """y as x, where it is that and prepared in its own way."""
    if same or not facts.y_is_x:
        return Part()
    copied = "x_{0}" if is_plain(facts.x, "x") else "dict(x_{0})"
    return Part(tuple(f"y_{split} = {copied.format(split)}" for split in splits))


def _prepared(data: DataSpec, facts: DataFacts, spec: Spec, splitting: Splitting) -> Part:
    part = _words_numbered(data, spec, splitting.splits)
    part += preparing_part("x", data.prepare_x, facts.x, splitting.splits)
    if "y" in splitting.groups:
        part += preparing_part("y", steps_of_y(data, facts.y_is_x), facts.y, splitting.splits)
    return part


def _words_numbered(data: DataSpec, spec: Spec, splits: tuple[str, ...]) -> Part:
    """The ids of a table's words, which those of the training rows decide."""
    if data.source.name != "csv" or not data.source.options["categories"]:
        return Part()
    options = data.source.options
    path = below(spec.source.folder, text(options, "path"))
    with open_table(path, text(options, "delimiter")) as opened:
        layout = layout_of(options, opened.header, path)
    part = Part()
    for name, columns in layout.features.items():
        places = [place for place, column in enumerate(columns) if column in layout.categories]
        if places:
            dtype = "int32" if len(places) == len(columns) else "float32"
            plain = tuple(layout.features) == ("x",)
            part += _numbering(
                [f"x_{split}" if plain else f"x_{split}[{quoted(name)}]" for split in splits], places, dtype
            )
    return part


def _numbering(arrays: list[str], places: list[int], dtype: str) -> Part:
    splits = call("", arrays)
    lines = statement(call("number_words", [repr(places), splits if len(arrays) > 1 else f"[{arrays[0]}]"]))
    lines += [line for array in arrays for line in statement(f"{array}.astype({quoted(dtype)})", f"{array} = ")]
    return Part(tuple(lines), snippets=frozenset(["number_words"]))


def _returned(body: Part, facts: DataFacts, same: bool, data: DataSpec, plan: Plan, splits: tuple[str, ...]) -> Loading:
    """The function that returns a pair for each split: what the model is given, and what it learns."""
    given, learnt = _given(facts, plan), _learnt(facts, same, plan.targets, plan)
    if given == "x" and learnt == ("x" if same else "y"):
        pairs = ", ".join(f"(x_{split}, {learnt}_{split})" for split in splits)
        ending = Part((f"return {pairs}" if len(splits) > 1 else f"return ({pairs},)",))
    else:
        ending = _through_function(given, learnt, same, splits)
    whole = body + ending
    head = ["def load_data():", *indented(['"""The examples of each split: inputs and targets."""', *whole.lines])]
    functions = (*whole.functions, tuple(head))
    return Loading(Part((), whole.imports, whole.constants, whole.snippets, functions), splits)


def _through_function(given: Code, learnt: Code, same: bool, splits: tuple[str, ...]) -> Part:
    names = "x" if same else "x, y"
    body = ['"""What the model is given, and what each of its outputs learns."""']
    body += [] if given == "x" else statement(given, "inputs = ")
    body += [] if isinstance(learnt, str) else statement(learnt, "targets = ")
    ends = ("x" if given == "x" else "inputs", learnt if isinstance(learnt, str) else "targets")
    function = (f"def examples({names}):", *indented([*body, f"return {', '.join(ends)}"]))
    calls = [call("examples", [f"{group}_{split}" for group in names.split(", ")]) for split in splits]
    return Part(tuple(statement(call("", calls), "return ")), functions=(function,))


def _given(facts: DataFacts, plan: Plan) -> Code:
    """What the model is given: one array, or several by the names of its inputs."""
    names = [given.name for given in plan.inputs]
    plain = is_plain(facts.x, "x")
    if len(names) == 1:
        name = next(iter(facts.x)) if len(facts.x) == 1 else names[0]
        return _as_tensor("x" if plain else f"x[{quoted(name)}]", name, facts)
    codes = [(name, _as_tensor(f"x[{quoted(name)}]", name, facts)) for name in names]
    if plan.input_structure is not None:
        return arrays_code(plan.input_structure, [code for _, code in codes])
    if set(names) == set(facts.x) and all(code == f"x[{quoted(name)}]" for name, code in codes):
        return "x"
    return table((quoted(name), code) for name, code in codes)


def _as_tensor(array: str, name: str, facts: DataFacts) -> str:
    """The array as Keras takes it: text only as a tensor."""
    if facts.x[name].dtype != "string":
        return array
    return f'keras.ops.convert_to_tensor({array}.tolist(), "string")'


def _learnt(facts: DataFacts, same: bool, targets: str | Mapping[str, str], plan: Plan) -> Code:
    """What the outputs learn: one array, or several by the names of the outputs."""
    outputs = plan.output_names
    codes = [
        (name, _target(facts, same, targets if isinstance(targets, str) else targets[name], name)) for name in outputs
    ]
    if len(codes) == 1:
        return codes[0][1]
    if isinstance(plan.output_structure, Mapping) and has_lists(plan.output_structure):
        return arrays_code(plan.output_structure, [code for _, code in codes])
    return table((quoted(name), code) for name, code in codes)


def _target(facts: DataFacts, same: bool, word: str, output: str) -> str:
    """The array that an output learns, as `datasets.targets` finds it."""
    if word in ("x", "y"):
        arrays = facts.x if word == "x" else facts.y
        name = word if word in arrays else next(iter(arrays)) if len(arrays) == 1 else output
        return _array(facts, same, word, name)
    return _array(facts, same, "y" if word in facts.y else "x", word)


def _array(facts: DataFacts, same: bool, group: str, name: str) -> str:
    if group == "y" and same:
        group, name = "x", dict(zip(facts.y, facts.x, strict=True))[name]
    arrays = facts.x if group == "x" else facts.y
    return group if is_plain(arrays, group) else f"{group}[{quoted(name)}]"
