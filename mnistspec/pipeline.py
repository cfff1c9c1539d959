"""The stages in their order: the one file that knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, TypeVar

from mnistspec import catalogue
from mnistspec.bind import bind
from mnistspec.collecting import without_collecting
from mnistspec.datasets import prepared_facts
from mnistspec.datasets.facts import DataFacts
from mnistspec.datasets.place import place_of
from mnistspec.datasets.step_facts import StepProblem
from mnistspec.diagnostics import Diagnostic, MnistspecError, Outcome, has_errors, in_order
from mnistspec.extending import extends_another
from mnistspec.frozen import dataclass
from mnistspec.graph import Graph, build_graph, by_nodes, for_each_output
from mnistspec.ignoring import NAMES, without_ignored, wrong_comments
from mnistspec.infer import infer
from mnistspec.lints import lint_model, lint_settings
from mnistspec.nodes import MappingNode
from mnistspec.overrides import override
from mnistspec.parse import parse
from mnistspec.resolve import resolve
from mnistspec.schema import validate
from mnistspec.source import Source
from mnistspec.spec import Spec
from mnistspec.trails import with_trails
from mnistspec.typed import TypedGraph
from mnistspec.values import Clear

if TYPE_CHECKING:
    from mnistspec.plan import Plan

_T = TypeVar("_T")


@dataclass(frozen=True)
class CheckResult:
    """What checking a spec found out, stage by stage; a stage that was not reached is None.

    `written` is the text as a tree, with what it extends and what overrides it; `graph` is the model with its shapes
    and counts.
    """

    source: Source
    diagnostics: tuple[Diagnostic, ...]
    written: MappingNode | None = field(default=None, repr=False)
    resolved: MappingNode | None = field(default=None, repr=False)
    spec: Spec | None = field(default=None, repr=False)
    untyped: Graph | None = field(default=None, repr=False)
    graph: TypedGraph | None = field(default=None, repr=False)

    @property
    def ok(self) -> bool:
        """Whether there is no error; warnings and notes do not count."""
        return not has_errors(self.diagnostics)

    def plan(self) -> Plan:
        """The plan of a spec that is in order."""
        from mnistspec.plan import make_plan

        assert self.ok and self.graph is not None and self.spec is not None, "a spec with errors has no plan"
        return make_plan(self.graph, self.spec)


def check_source(
    source: Source, *, overrides: Sequence[str] = (), allow_env: bool = False, allow_code: bool = False
) -> CheckResult:
    """Takes a spec through every stage that needs no Keras, as far as its mistakes let it go.

    With `allow_code` it may name objects of Python; none is imported here.
    """
    with without_collecting():
        return _checked(source, overrides, allow_env, allow_code)


def _checked(source: Source, overrides: Sequence[str], allow_env: bool, allow_code: bool) -> CheckResult:
    found: list[Diagnostic] = []

    def finished(**stages: object) -> CheckResult:
        return CheckResult(source, _wanted(found, spec, graph), root, **stages)  # type: ignore[arg-type]

    spec: Spec | None = None
    graph: Graph | None = None
    root = _collect(found, parse(source))
    if root is None:
        return finished()
    if "extends" in root:
        from mnistspec.resolve.inheritance import inherit  # few specs extend others

        root = _collect(found, inherit(root, source))
        assert root is not None
    overridden = override(root, overrides)
    root = _collect(found, overridden)
    if root is None or not overridden.ok:
        return finished()
    found.extend(wrong_comments(source))
    clear: Clear = {}
    found.extend(validate(root, catalogue.load(), clear, allow_code=allow_code))
    if any(diagnostic.code == "E211" for diagnostic in found) or extends_another(root):
        # Another language, or a spec whose larger part is elsewhere and cannot be had.
        return finished()
    resolved = _collect(found, resolve(root, allow_env=allow_env))
    if resolved is None:
        return finished()
    spec = _collect(found, bind(resolved, catalogue.load(), source, clear, allow_code=allow_code))
    if spec is None:
        return finished(resolved=resolved)
    facts = _facts(found, spec)
    found.extend(lint_settings(spec, facts))
    graph = _collect(found, build_graph(spec, facts))
    if graph is None:
        return finished(resolved=resolved, spec=spec)
    spec = for_each_output(by_nodes(spec, graph), graph)
    typed = _collect(found, infer(graph))
    if typed is not None:
        found.extend(lint_model(typed, spec))
    return finished(resolved=resolved, spec=spec, untyped=graph, graph=typed)


def _wanted(found: list[Diagnostic], spec: Spec | None, graph: Graph | None) -> tuple[Diagnostic, ...]:
    """The findings in order, without those to be ignored; errors alone where a mistake hides which these are."""
    ignore = spec.ignore if spec is not None else ()
    if spec is not None and "ignore" in spec.hidden:
        ignore = NAMES
    return with_trails(without_ignored(in_order(found), ignore), graph)


def _collect(found: list[Diagnostic], outcome: Outcome[_T]) -> _T | None:
    found.extend(outcome.diagnostics)
    return outcome.value


def _facts(found: list[Diagnostic], spec: Spec) -> DataFacts | None:
    """What is known of the prepared data, a step that cannot apply reported at its place."""
    if spec.data is None or not spec.data.complete:
        return None
    try:
        facts = prepared_facts(spec.data, spec.source.folder)
        return facts if spec.data.counted else replace(facts, train=None, validation=None, test=None)
    except StepProblem as problem:
        found.append(Diagnostic("E413", problem.message, problem.span, problem.help))
    except MnistspecError as error:
        found.append(Diagnostic("E413", str(error), place_of(spec.data.source, str(error))))
    return None
