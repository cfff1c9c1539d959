"""The stages in their order: the one file that knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass as mutable
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
from mnistspec.enough import Enough, Found, the_first
from mnistspec.extending import extends_another
from mnistspec.frozen import dataclass
from mnistspec.graph import Graph, build_graph, by_nodes
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
        way = _Way(source)
        try:
            way.go(overrides, allow_env, allow_code)
        except Enough as enough:
            way.found += enough.found
        return way.result()


@mutable
class _Way:
    """How far a spec has come, and what was found on the way."""

    source: Source
    found: list[Diagnostic] = field(default_factory=list)
    root: MappingNode | None = None
    resolved: MappingNode | None = None
    spec: Spec | None = None
    graph: Graph | None = None
    typed: TypedGraph | None = None

    def result(self) -> CheckResult:
        diagnostics = _wanted(self.found, self.spec, self.graph)
        return CheckResult(self.source, diagnostics, self.root, self.resolved, self.spec, self.graph, self.typed)

    def go(self, overrides: Sequence[str], allow_env: bool, allow_code: bool) -> None:
        """Goes through the stages, as far as each lets the next begin. Raises: Enough."""
        found = self.found
        clear: Clear = {}
        if not self.read(overrides, clear, allow_code):
            return
        assert self.root is not None
        self.resolved = _collect(found, resolve(self.root, allow_env=allow_env))
        if self.resolved is None:
            return
        self.spec = _collect(found, bind(self.resolved, catalogue.load(), self.source, clear, allow_code=allow_code))
        if self.spec is None:
            return
        facts = _facts(found, self.spec)
        found.extend(lint_settings(self.spec, facts))
        self.graph = _collect(found, build_graph(self.spec, facts))
        if self.graph is None:
            return
        self.spec = by_nodes(self.spec, self.graph)
        self.typed = _collect(found, infer(self.graph))
        if self.typed is not None:
            found.extend(lint_model(self.typed, self.spec))

    def read(self, overrides: Sequence[str], clear: Clear, allow_code: bool) -> bool:
        """Reads the text, what it extends and what overrides it; whether its form is such that it can be expanded."""
        found = self.found
        self.root = _collect(found, parse(self.source))
        if self.root is None:
            return False
        if "extends" in self.root:
            from mnistspec.resolve.inheritance import inherit  # few specs extend others

            self.root = _collect(found, inherit(self.root, self.source))
            assert self.root is not None
        overridden = override(self.root, overrides)
        self.root = _collect(found, overridden)
        if self.root is None or not overridden.ok:
            return False
        found.extend(Found(wrong_comments(self.source)))
        found.extend(validate(self.root, catalogue.load(), clear, allow_code=allow_code))
        # Another language, more layers than are looked at, or a spec whose larger part is elsewhere and cannot be had.
        return not (any(diagnostic.code in ("E211", "E107") for diagnostic in found) or extends_another(self.root))


def _wanted(found: list[Diagnostic], spec: Spec | None, graph: Graph | None) -> tuple[Diagnostic, ...]:
    """The findings in order, not too many, without those to be ignored; only errors where a mistake hides which."""
    ignore = spec.ignore if spec is not None else ()
    if spec is not None and "ignore" in spec.hidden:
        ignore = NAMES
    told = in_order(found)
    if any(one.code == "E404" for one in told):
        from mnistspec.other_kind import told_once  # what only a mistake needs

        told = told_once(told)
    return the_first(with_trails(without_ignored(told, ignore), graph))


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
