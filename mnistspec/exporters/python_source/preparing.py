"""Preparation in the script: a function for the arrays that are prepared alike, and its use on every split."""

from __future__ import annotations

from collections.abc import Mapping

from mnistspec.datasets.facts import ArrayFacts
from mnistspec.datasets.prepared import steps_by_name
from mnistspec.exporters.python_source.layout import INDENT, WIDTH, Code, call, listing, quoted, statement, width
from mnistspec.exporters.python_source.model import indented
from mnistspec.exporters.python_source.naming import identifier
from mnistspec.exporters.python_source.parts import Part, joined
from mnistspec.exporters.python_source.steps import StepCode, step_codes
from mnistspec.frozen import dataclass
from mnistspec.spec import Steps

_WHAT = {"x": "The inputs as the model takes them", "y": "The targets as the loss takes them"}


@dataclass(frozen=True)
class _Alike:
    """Arrays of one group with the same code: their names, the function's name, and its steps."""

    names: tuple[str, ...]
    function: str
    steps: tuple[StepCode, ...]
    lines: tuple[str, ...]

    @property
    def learns(self) -> bool:
        return any(step.learnt for step in self.steps)


def preparing_part(group: str, steps: Steps, facts: Mapping[str, ArrayFacts], splits: tuple[str, ...]) -> Part:
    """The code that prepares x, or y (`group`), in the splits of these names; nothing where there are no steps."""
    alike = _alike(group, steps, facts)
    parts = [Part(functions=(_function(group, one),), snippets=_snippets(one)) for one in alike]
    variables = [f"{group}_{split}" for split in splits]
    if tuple(facts) == (group,):
        uses = [Part(tuple(_use(one, group, variables))) for one in alike]
    else:
        uses = [Part(tuple(_use_by_name(one, len(facts), group, variables))) for one in alike]
    return joined([*parts, *uses])


def _snippets(alike: _Alike) -> frozenset[str]:
    return frozenset(name for step in alike.steps for name in step.snippets)


def _alike(group: str, steps: Steps, facts: Mapping[str, ArrayFacts]) -> list[_Alike]:
    """The arrays to prepare, gathered by the code that does it."""
    found: dict[tuple[str, ...], tuple[list[str], list[StepCode]]] = {}
    for name, own in steps_by_name(steps, facts, group).items():
        codes = step_codes(own, facts[name], group)
        if any(code.result is not None for code in codes):
            lines = tuple(_learning_body(group, codes) if any(code.learnt for code in codes) else _body(group, codes))
            found.setdefault(lines, ([], codes))[0].append(name)
    single = len(found) == 1
    return [
        _Alike(tuple(names), f"prepare_{group}" if single else f"prepare_{identifier(names[0])}", tuple(codes), lines)
        for lines, (names, codes) in found.items()
    ]


def _function(group: str, alike: _Alike) -> tuple[str, ...]:
    if alike.learns:
        head = f"def {alike.function}(*splits):"
        what = f'"""{_WHAT[group]}; what is learnt comes from the first split."""'
    else:
        head, what = f"def {alike.function}({group}):", f'"""{_WHAT[group]}."""'
    return (head, *indented([what, *alike.lines]))


def _body(group: str, codes: list[StepCode]) -> list[str]:
    """Each step on one array."""
    results = [code.result for code in codes if code.result is not None]
    lines = [line for result in results[:-1] for line in statement(result, f"{group} = ")]
    return [*lines, *statement(results[-1], "return ")]


def _learning_body(group: str, codes: list[StepCode]) -> list[str]:
    """Each step on every split, after what it learns from the first."""
    steps = [code for code in codes if code.result is not None]
    lines: list[str] = []
    for code in steps:
        assert code.result is not None
        lines += [*code.learnt, *_for_each(code.result, group, "return" if code is steps[-1] else "splits =")]
    return lines


def _for_each(result: Code, name: str, before: str) -> list[str]:
    whole = statement(result, f"{before} [", f" for {name} in splits]")
    if len(whole) == 1 and width(whole[0]) <= WIDTH - len(INDENT):
        return whole
    loop = f"for {name} in splits"
    inside = statement(result, "", f" {loop}", depth=2)
    if len(inside) > 1 or width(inside[0]) > WIDTH - 2 * len(INDENT):
        inside = [*statement(result, depth=2), loop]
    return [f"{before} [", *indented(inside), "]"]


def _use(alike: _Alike, group: str, variables: list[str]) -> list[str]:
    listed = ", ".join(variables)
    if alike.learns:
        return [f"{listed} = {alike.function}({listed})"] if len(variables) > 1 else [_only(alike, listed)]
    if len(variables) == 1:
        return [f"{listed} = {alike.function}({listed})"]
    return [f"{listed} = ({alike.function}({group}) for {group} in ({listed}))"]


def _only(alike: _Alike, variable: str) -> str:
    return f"({variable},) = {alike.function}({variable})"


def _use_by_name(alike: _Alike, count: int, group: str, variables: list[str]) -> list[str]:
    """The arrays of each split's dict, prepared in place."""
    if len(alike.names) == 1:
        return _use_on_one(alike, group, quoted(alike.names[0]), variables)
    names: Code = variables[0] if len(alike.names) == count else listing(quoted(name) for name in alike.names)
    return [*statement(names, "for name in ", ":"), *indented(_use_on_one(alike, group, "name", variables))]


def _use_on_one(alike: _Alike, group: str, name: str, variables: list[str]) -> list[str]:
    splits = f"({', '.join(variables)}{',' if len(variables) == 1 else ''})"
    target = f"{group}[{name}]"
    if not alike.learns:
        return [
            f"for {group} in {splits}:",
            *indented(statement(call(alike.function, [target]), f"{target} = ", depth=2)),
        ]
    prepared = call(alike.function, [f"*({target} for {group} in splits)"])
    return [
        f"splits = {splits}",
        *statement(prepared, "prepared = ", depth=2),
        f"for {group}, array in zip(splits, prepared, strict=True):",
        f"{INDENT}{target} = array",
    ]
