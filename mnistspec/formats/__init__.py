"""How the findings of a command are shown: one form a file, each imported when it is chosen."""

from __future__ import annotations

from importlib import import_module

from mnistspec.formats.findings import Checked, Findings, Unread

__all__ = ["FORMATS", "FOR_PEOPLE", "Checked", "Findings", "Unread", "formatted"]

# Every form by its name on the command line, which is also the name of its file, and what it is for.
FORMATS: dict[str, str] = {
    "text": "each finding with an excerpt, for people",
    "concise": "a line a finding, for people and editors",
    "json": "one array, for programs",
    "sarif": "SARIF 2.1.0, for code scanning",
    "github": "annotations of GitHub Actions",
    "gitlab": "a code quality report of GitLab",
    "junit": "a test report in JUnit's XML",
}
FOR_PEOPLE = frozenset({"text", "concise"})


def formatted(name: str, findings: Findings, *, colour: bool = False) -> str:
    """The findings in the form of that name, without the last line's end; colour is for people only."""
    render = import_module(f"{__name__}.{name}").render
    text: str = render(findings, colour=colour) if name in FOR_PEOPLE else render(findings)
    return text
