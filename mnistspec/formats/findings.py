"""What a command found in the specs it was given: the one thing that every form is made from."""

from __future__ import annotations

from itertools import chain

from mnistspec.diagnostics import Diagnostic, Severity
from mnistspec.frozen import dataclass
from mnistspec.source import Span


@dataclass(frozen=True)
class Checked:
    """A spec that was checked, by the name it was given under, and what was found in it: nothing in a clean one."""

    path: str
    diagnostics: tuple[Diagnostic, ...] = ()

    def place(self, diagnostic: Diagnostic) -> tuple[str, Span | None]:
        """The file that a finding belongs to and the stretch of it; a `--set` has no place in a file."""
        span = diagnostic.span
        if span is None or (span.source.path is None and span.source.name != self.path):
            return self.path, None
        return span.source.name, span


@dataclass(frozen=True)
class Unread:
    """Something named on the command line that could not be checked, and why, in one sentence."""

    path: str
    reason: str


@dataclass(frozen=True)
class Findings:
    """All specs of a command in their order, and what could not be read. `strict` makes warnings fail a spec."""

    checked: tuple[Checked, ...]
    unread: tuple[Unread, ...] = ()
    strict: bool = False

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(chain.from_iterable(spec.diagnostics for spec in self.checked))

    def fails(self, diagnostic: Diagnostic) -> bool:
        """Whether this finding alone makes the command fail."""
        failing = (Severity.ERROR, Severity.WARNING) if self.strict else (Severity.ERROR,)
        return diagnostic.severity in failing

    @property
    def exit_code(self) -> int:
        """2 when something could not be read, else 1 when a spec is wrong, else 0."""
        if self.unread:
            return 2
        return int(any(map(self.fails, self.diagnostics)))
