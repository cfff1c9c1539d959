"""What every part of the reader shares: the catalogue, the findings, and the way back to reading as another kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, TypeAlias

from mnistspec.catalogue import Catalogue
from mnistspec.catalogue.kinds import Kind
from mnistspec.diagnostics import Diagnostic, Fix, Related
from mnistspec.enough import Found
from mnistspec.nodes import Node, ScalarNode
from mnistspec.source import Span
from mnistspec.values.results import UNKNOWN, Unknown

# What was read, by the identity of its node; the node and the kind, kept alive, make sure of that identity.
Clear: TypeAlias = "dict[int, tuple[Node, Kind, Any]]"

# The key of an object of Python outside Keras, how it is written, and what has to be said for it.
PYTHON = "python"
PYTHON_FORM = 'python: {object: "package.module:name"}'
ALLOWED = "`--allow-code` lets a spec name code, which may then do anything on this machine"
# How many mistakes deep, one inside the other, those inside are looked for.
_INSIDE = 8


class Reading(ABC):
    """Reads nodes by kind against a catalogue and collects what it finds.

    With `allow_expressions` a `${...}` may stand for any value: what it holds is looked at once it is known.
    `clear` keeps what was read of whole sections and layers in which nothing was wrong or hidden; a later reading that
    is given it need not read the same nodes again. With `allow_code` an object may be one of Python outside Keras.
    """

    def __init__(
        self, catalogue: Catalogue, *, allow_expressions: bool, clear: Clear | None = None, allow_code: bool = False
    ) -> None:
        self.catalogue = catalogue
        self.allow_expressions = allow_expressions
        self.allow_code = allow_code
        self.diagnostics: list[Diagnostic] = Found()
        # The names of the spec's blocks, which are no layers.
        self.blocks: frozenset[str] = frozenset()
        # The model's outputs, where it lists them by name.
        self.outputs: tuple[str, ...] = ()
        self.inside = 0
        self.clear: Clear = {} if clear is None else clear
        # How often something was wrong or hidden, in trials too.
        self.unclear = 0

    @abstractmethod
    def read(self, node: Node, kind: Kind) -> Any:
        """The node's value as `kind` has it, or UNKNOWN after reporting why not."""

    def report(
        self, code: str, message: str, span: Span, help: str | None = None, *related: Related, fix: Fix | None = None
    ) -> Unknown:
        self.diagnostics.append(Diagnostic(code, message, span, help, related, fix))
        self.unclear += 1
        return UNKNOWN

    def look_inside(self, read: Callable[[], object]) -> None:
        """Reads what a mistake was plainly meant as, so that the mistakes inside are told in the same pass."""
        if self.inside < _INSIDE:
            self.inside += 1
            read()
            self.inside -= 1

    def hidden(self, node: Node) -> bool:
        """Whether the node's value is not known yet (`${...}`) or was already reported."""
        if not isinstance(node, ScalarNode):
            return False
        # An escaped `$${` is looked at after resolving too, when it is as short as it will be.
        if node.broken or (self.allow_expressions and isinstance(node.value, str) and "${" in node.value):
            self.unclear += 1
            return True
        return False

    def refuse_code(self, name: str, span: Span) -> Unknown:
        if name == PYTHON and self.allow_code:
            help = "write it as a layer, a loss, a metric, or whatever else is an object of Keras"
            return self.report(
                "E201", f"`{name}` stands in the place of an object of Keras, and here is none", span, help
            )
        help = ALLOWED if name == PYTHON else f"write `{PYTHON_FORM}` in the place of each object; {ALLOWED}"
        return self.report("E210", f"`{name}` would run code, and a spec holds none", span, help)


def fits(reading: Reading, node: Node, kind: Kind) -> bool:
    """Whether the node could be read as the kind without a finding."""
    found, inside = reading.diagnostics, reading.inside
    reading.diagnostics = _Trial()
    try:
        reading.read(node, kind)
    except _DoesNotFit:
        return False
    finally:
        reading.diagnostics, reading.inside = found, inside
    return True


class _DoesNotFit(Exception):
    """Unwinds out of a trial."""


class _Trial(list[Diagnostic]):
    """The findings of a trial, of which the first is enough."""

    def append(self, diagnostic: Diagnostic) -> None:
        raise _DoesNotFit
