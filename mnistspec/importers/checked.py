"""The last look at a spec made from a model: the language may refuse what Keras accepts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from mnistspec.diagnostics import Diagnostic, Severity, UsageError
from mnistspec.pipeline import CheckResult, check_source
from mnistspec.source import Source


def checked(text: str, layers: Sequence[str], *, without_input: bool) -> str:
    """The text, when it is a valid spec of these layers; one `without_input` may leave its shape to the data.

    Raises: UsageError, naming the layer.
    """
    result = check_source(Source(text))
    found = (diagnostic for diagnostic in result.diagnostics if not without_input or diagnostic.code != "E405")
    first = next((diagnostic for diagnostic in found if diagnostic.severity is Severity.ERROR), None)
    if first is not None:
        raise UsageError(f"{_part(result, layers, first)} cannot be written as a spec: {first.message}")
    return text


def _piece(line: str, found: Diagnostic) -> str:
    """The setting at fault in a line that may hold several."""
    if found.column is None or found.end_column is None or found.end_line != found.line:
        return line.strip()
    begin = max(line.rfind(mark, 0, found.column - 1) for mark in "{,") + 1
    return line[begin : found.end_column - 1].strip().removeprefix("- ")


def _part(result: CheckResult, layers: Sequence[str], found: Diagnostic) -> str:
    """The layer that a mistake is in, with the line it is on."""
    if result.spec is None or found.line is None:
        return "the model"
    position = bisect_right([layer.span.line for layer in result.spec.model.layers], found.line)
    compiled = result.spec.spans.get("compile")
    line = f"`{_piece(result.source.line(found.line), found)}`"
    if compiled is not None and found.line >= compiled.line:
        return f"{line} of `compile`"
    return f"{line} of `{layers[position - 1]}`" if position else line
