"""The batches that the script trains on: those of a run, in the order that the seed draws for each epoch."""

from __future__ import annotations

from collections.abc import Mapping

from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.exporters.python_source.layout import INDENT, WIDTH, Code, call, flat, statement, width
from mnistspec.exporters.python_source.model import indented
from mnistspec.exporters.python_source.parts import Part
from mnistspec.exporters.python_source.structured import arrays_code, ways
from mnistspec.frozen import dataclass
from mnistspec.plan import Plan
from mnistspec.spec import FitSpec
from mnistspec.structures import Structure, filled, has_lists, leaves


def makes_batches(fit: FitSpec) -> bool:
    """Whether the script makes the batches, and not Keras: it orders them otherwise, and ends where the examples do."""
    return fit.shuffle or fit.steps_per_epoch is not None


@dataclass(frozen=True)
class Group:
    """The inputs, or the targets, in the script: `letter` with the name of a split; `names` where they are several.

    They are a dict by these names, unless there is another `structure`.
    """

    letter: str
    names: tuple[str, ...]
    strings: frozenset[str] = frozenset()
    structure: Structure = None

    @property
    def shape(self) -> Structure:
        """The structure of several arrays, their names for leaves."""
        return {name: name for name in self.names} if self.structure is None else filled(self.structure, self.names)

    @property
    def take(self) -> str:
        """The function that takes rows of every array."""
        return "take_each" if has_lists(self.structure) else "take"

    def variable(self, split: str) -> str:
        return f"{self.letter}_{split}"

    def array(self, variable: str) -> str:
        """One array of the variable."""
        return f"{variable}{next(ways(self.shape))}" if self.names else variable

    def rows(self) -> Code:
        """The `rows` of what the letter stands for. Keras' tensors, as which strings are held, take no such index."""
        if not self.names:
            return _rows(self.letter, is_string=bool(self.strings))
        if not self.strings:
            return f"{self.take}({self.letter}, rows)"
        named = zip(leaves(self.shape), ways(self.shape), strict=True)
        codes = [_rows(f"{self.letter}{way}", is_string=name in self.strings) for name, way in named]
        return arrays_code(self.shape, codes)

    def first(self, split: str, count: int) -> str:
        """The first examples of a split."""
        return (
            f"{self.take}({self.variable(split)}, slice({count}))"
            if self.names
            else f"{self.variable(split)}[:{count}]"
        )


def _rows(array: str, *, is_string: bool) -> Code:
    return call("keras.ops.take", [array, "rows"], {"axis": "0"}) if is_string else f"{array}[rows]"


def groups_of(plan: Plan, facts: DataFacts) -> tuple[Group, Group]:
    """The inputs and the targets."""
    inputs, outputs = tuple(given.name for given in plan.inputs), plan.output_names
    several = len(inputs) > 1
    strings = _strings(facts.x, inputs if several else inputs[: len(facts.x) > 1] or tuple(facts.x))
    learnt = plan.output_structure if isinstance(plan.output_structure, Mapping) else None
    return (
        Group("x", inputs if several else (), strings, plan.input_structure),
        Group("y", outputs if len(outputs) > 1 else (), structure=learnt),
    )


def _strings(arrays: Mapping[str, ArrayFacts], names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for name in names if name in arrays and arrays[name].dtype == "string")


def length_code(x: Group, y: Group, split: str | None = None) -> str:
    """How many examples there are."""
    group = x if y.names else y
    return f"len({group.array(group.variable(split) if split else group.letter)})"


def batches_part(fit: FitSpec, plan: Plan, facts: DataFacts) -> Part:
    """The function `batches` where the script makes the batches, and what the lines of `main()` need."""
    x, y = groups_of(plan, facts)
    sliced = [group for group in (x, y) if group.names and fit.validation_steps is not None]
    if not makes_batches(fit):
        return Part(snippets=_taken(sliced))
    arrays = [x.letter, y.letter, *(["weights"] if fit.class_weight is not None else [])]
    batch = [x.rows(), y.rows(), *(["weights[rows]"] if fit.class_weight is not None else [])]
    length = length_code(x, y)
    head = f"def batches({', '.join(arrays)}, batch_size):"
    drawn = _drawn(length) if fit.shuffle else _in_order(length)
    each = [
        f"for start in range(0, {length}, batch_size):",
        *indented(["rows = order[start : start + batch_size]", *_yielded(batch)]),
    ]
    taken = [group for group in (x, y) if group.names and not group.strings]
    modules = {"math"} if fit.steps_per_epoch is None else set()
    imports = frozenset(modules | ({"itertools"} if fit.shuffle else set()))
    lines = (head, *indented([*drawn, *indented(each)]))
    return Part(imports=imports, snippets=_taken([*taken, *sliced]), functions=(lines,))


def _taken(groups: list[Group]) -> frozenset[str]:
    return frozenset(group.take for group in groups)


def _drawn(length: str) -> list[str]:
    return [
        '"""Batches without end; each time through, the seed draws another order."""',
        "for epoch in itertools.count():",
        *indented(
            [
                "generator = np.random.Generator(np.random.Philox(key=[SEED, epoch]))",
                f"order = generator.permutation({length})",
            ]
        ),
    ]


def _in_order(length: str) -> list[str]:
    return ['"""Batches without end, in the order of the examples."""', f"order = np.arange({length})", "while True:"]


def _yielded(batch: list[Code]) -> list[str]:
    line = f"yield {', '.join(map(flat, batch))}"
    return [line] if width(line) <= WIDTH - 3 * len(INDENT) else statement(call("", batch), "yield ", depth=3)
