"""What can go wrong, in its three forms: a `Diagnostic` for the spec, a `MnistspecError` for the world around it.

The third form, our own mistake, is an ordinary Python exception and has no class here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from enum import Enum
from typing import Generic, TypeVar

from mnistspec.frozen import dataclass
from mnistspec.source import Span

T = TypeVar("T")


class Severity(Enum):
    """How much a finding weighs: an error makes the spec wrong, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


# Every code, its name (as `ignore:` spells it) and what it says in general. Codes go by stage: E1 YAML, E2 schema,
# E3 names and expansion, E4 graph and shapes, W5 training, I9 notes.
CODES: dict[str, tuple[str, str]] = {
    "E101": ("yaml-syntax", "the text is not YAML"),
    "E102": ("bad-encoding", "the file is not UTF-8 text"),
    "E103": ("duplicate-key", "a key stands twice in one map"),
    "E104": ("several-documents", "more than one YAML document in a file"),
    "E105": ("yaml-tag", "a tag asks for something that is not plain data"),
    "E106": ("bad-key", "a key is not a string"),
    "E107": ("too-large", "the spec is larger, deeper or expands further than a spec may"),
    "E108": ("bad-number", "a number that a spec cannot hold"),
    "E109": ("bad-alias", "an alias without an anchor, or inside its own anchor"),
    "E110": ("empty-spec", "there is no spec in the text"),
    "E201": ("unknown-key", "a key that the language does not have"),
    "E202": ("missing-key", "a key that must be there is not"),
    "E203": ("wrong-type", "a value of the wrong type"),
    "E204": ("bad-value", "a value outside what is allowed"),
    "E205": ("unknown-class", "a name that Keras does not have"),
    "E206": ("unknown-argument", "an argument that the class does not have"),
    "E207": ("missing-argument", "an argument without a default is not given"),
    "E208": ("not-one-key", "an object is a map with exactly one key, its class"),
    "E210": ("code-refused", "a value that would run code"),
    "E211": ("bad-version", "a language version that this program does not know"),
    "E301": ("unknown-variable", "an expression names something that is not in scope"),
    "E302": ("bad-expression", "an expression that cannot be read or evaluated"),
    "E303": ("bad-override", "a `--set` that does not fit the spec"),
    "E304": ("variable-cycle", "variables that need each other"),
    "E305": ("bad-extends", "what a spec extends cannot be read"),
    "E306": ("unknown-block", "`use` names a block that is not there"),
    "E307": ("block-parameters", "a block is given a parameter that it does not have, or not one that it needs"),
    "E308": ("block-cycle", "blocks that use each other"),
    "E401": ("unknown-node", "`from` or `outputs` names a node that is not there"),
    "E402": ("duplicate-name", "two nodes of one name"),
    "E403": ("cycle", "nodes that need each other's output"),
    "E404": ("not-sequential", "something a sequential model cannot have"),
    "E405": ("no-input-shape", "nothing says what shape the model's input has"),
    "E406": ("no-layers", "a model without layers"),
    "E407": ("no-such-output", "a layer's output is asked for that it does not have"),
    "E408": ("bad-call", "a layer is called in a way it cannot be"),
    "E412": ("shape-mismatch", "shapes that do not fit"),
    "E413": ("bad-data", "the data cannot be prepared or does not fit the model as the spec says"),
    "E414": ("unknown-output", "settings for an output that the model does not have"),
    "E415": ("incomplete-run", "`run` needs data, compile and fit"),
    "E416": ("loss-mismatch", "the loss cannot compare an output with what it is to learn"),
    "W501": ("monitor-missing", "a callback watches something that is never measured"),
    "W503": ("output-classes", "an output with more values than there are classes, or with one for many"),
    "W504": ("loss-logits", "the loss and the output's activation do not fit"),
    "W505": ("unscaled-pixels", "pixels are left in 0..255"),
    "W506": ("unused-node", "a node whose output nothing uses"),
    "W507": ("unused-variable", "a variable that nothing uses"),
    "W508": ("metric-mismatch", "a metric that does not fit the loss or the labels"),
    "W509": ("double-scaling", "inputs are scaled in `prepare` and again in the model"),
    "W510": ("activation-twice", "an activation on what has been through one already"),
    "W511": ("needless-bias", "a bias that the normalization after it takes away"),
    "W512": ("dropout-at-output", "noise on the output itself"),
    "W513": ("activation-mismatch", "an activation that cannot give what the output is to give"),
    "W514": ("batch-too-large", "a batch larger than the data"),
    "W515": ("steps-past-data", "more steps than the data has batches"),
    "W516": ("ill-timed-schedule", "a learning rate that falls at once, or never"),
    "W517": ("nothing-to-train", "a model without trainable parameters"),
    "W518": ("too-little-memory", "training that needs more memory than the machine has"),
    "W519": ("extreme-learning-rate", "a learning rate far outside what the optimizer can use"),
    "W520": ("unknown-class-weight", "a weight for a class that there is not"),
    "W521": ("lost-batch", "an output without the batch axis, or for batches of one size alone"),
    "W522": ("repeated-targets", "the loss repeats values to compare an output with what it is to learn"),
    "W523": ("integer-inputs", "a model that computes with floating point numbers, and is given integers"),
    "W524": ("opposite-mode", "a callback that takes what is worse for what is better"),
    "W525": ("idle-callback", "a callback that waits for longer than the training lasts"),
    "I901": ("shape-unknown", "a shape that is known only to Keras"),
    "I902": ("missing-data-file", "a data file, folder or vocabulary that is not on this machine"),
    "I903": ("slow-recurrence", "a recurrent layer that cannot use a GPU's fast kernel"),
    "I904": ("more-findings", "there are more findings than are told"),
}


@dataclass(frozen=True)
class Related:
    """Another place that has to do with a diagnostic, and what is there."""

    message: str
    span: Span


@dataclass(frozen=True)
class Fix:
    """A change of the text that mends a finding: what stands at `span` becomes `text`.

    A `certain` fix can be applied unseen: it cannot mean something else than what was wanted. `validate --fix` applies
    those; any other is for a person to choose.
    """

    span: Span
    text: str
    certain: bool = False


@dataclass(frozen=True)
class Diagnostic:
    """One finding about a spec, at a place in it.

    `message` says what is wrong, `help` what to write instead, `fix` the same as a change of the text where there is
    one. Where no place is known (`span` is None) the spec as a whole is meant.
    """

    code: str
    message: str
    span: Span | None = None
    help: str | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = None

    @property
    def severity(self) -> Severity:
        return {"E": Severity.ERROR, "W": Severity.WARNING}.get(self.code[0], Severity.NOTE)

    @property
    def name(self) -> str:
        """The code's name, as `ignore: [...]` in a spec spells it."""
        return CODES[self.code][0]

    @property
    def path(self) -> str | None:
        return self.span.source.name if self.span is not None else None

    @property
    def line(self) -> int | None:
        return self.span.line if self.span is not None else None

    @property
    def column(self) -> int | None:
        return self.span.column if self.span is not None else None

    @property
    def end_line(self) -> int | None:
        return self.span.end_line if self.span is not None else None

    @property
    def end_column(self) -> int | None:
        return self.span.end_column if self.span is not None else None

    def __str__(self) -> str:
        place = f"{self.span}: " if self.span is not None else ""
        return f"{place}{self.severity.value}[{self.code}]: {self.message}"


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What a stage made, and what it found on the way. `value` is None when it could make nothing."""

    value: T | None
    diagnostics: tuple[Diagnostic, ...] = field(default=())

    @property
    def ok(self) -> bool:
        return self.value is not None and not has_errors(self.diagnostics)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each finding once, by place in the text; those without a place come last."""
    once: dict[object, Diagnostic] = {}
    for found in diagnostics:
        once.setdefault((found.code, found.message, found.span), found)
    return tuple(
        sorted(once.values(), key=lambda d: (d.span is None, d.path or "", d.span.start if d.span else 0, d.code))
    )


class MnistspecError(Exception):
    """Something outside the spec went wrong. Its text is for the user: one sentence and a way out.

    `exit_code` is what the command line ends with: 2 for the command or the environment, 3 for a failed run.
    """

    exit_code = 2


class SpecInvalid(MnistspecError):
    """The spec has errors; they are in `diagnostics`."""

    exit_code = 1

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        super().__init__("\n".join(str(diagnostic) for diagnostic in diagnostics))


class UsageError(MnistspecError):
    """The command was called with something that it cannot use: a file that is not there, a run that is none."""


class MissingExtra(MnistspecError):
    """A package is missing that the light install does not bring; the text says which line installs it."""


class DataUnavailable(MnistspecError):
    """A data set cannot be had: no file, no network, or a file that is damaged."""


class BadData(MnistspecError):
    """A data file is there but does not hold what the spec says it holds."""


class OutputFailed(MnistspecError):
    """A file could not be written: disk full, folder not writable. The text is what happened, then the ways out."""

    def __init__(self, fact: str, *ways: str) -> None:
        self.fact, self.ways = fact, ways
        super().__init__("; ".join((fact, ", or ".join(ways))) if ways else fact)


class RunFailed(MnistspecError):
    """Building or training failed inside Keras."""

    exit_code = 3


class SpecRefused(RunFailed):
    """Keras refused what the spec says at a place that the text names, past the check: the spec is wrong."""

    exit_code = 1


class ProofFailed(MnistspecError):
    """A reloaded model did not predict bit for bit what the trained model predicted."""

    exit_code = 3


# How the lines begin in which Keras and TensorFlow say where they were, not what went wrong.
_TRACE = ("Graph execution error", "in user code", "Detected at node", "File ", "Exception encountered")


def first_line(error: BaseException) -> str:
    """The sentence of another library's error that says what was wrong; the rest is its trace."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(_TRACE)]
    return (telling or lines or [type(error).__name__])[0][:500]
