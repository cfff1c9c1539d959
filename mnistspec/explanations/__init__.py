"""Why there is each code, a spec that brings it about, and the same spec mended: one Markdown file a code.

A file is a heading `# CODE name: title`, the reason, and two fenced blocks. A `yaml` block is a whole spec; a `console`
block, for what no text of a spec can show, is commands after `$` with what they print.
"""

from __future__ import annotations

import re
from importlib import resources

from mnistspec.diagnostics import Diagnostic
from mnistspec.frozen import dataclass
from mnistspec.pipeline import check_source
from mnistspec.source import Source

# Compiled when a file is read: no other command pays for it.
_FORM = (
    r"# (?P<code>[EWI]\d{3}) (?P<name>\S+): (?P<title>.+)\n\n"
    r"(?P<why>.+?)\n\n"
    r"```(?P<wrong_language>yaml|console) wrong\n(?P<wrong>.+?)```\n\n"
    r"```(?P<right_language>yaml|console) right\n(?P<right>.+?)```\n"
)


@dataclass(frozen=True)
class Example:
    """A spec (`language` is `yaml`), or commands with what they print (`console`)."""

    language: str
    text: str

    def findings(self, name: str) -> tuple[Diagnostic, ...]:
        """What the checker says of the spec, under a name of its own; nothing for commands, which are not run."""
        return check_source(Source(self.text, name)).diagnostics if self.language == "yaml" else ()


@dataclass(frozen=True)
class Explanation:
    """A code with the reason for it, an example that it is found in, and one that it is not."""

    code: str
    name: str
    title: str
    why: str
    wrong: Example
    right: Example


def read(text: str) -> Explanation:
    """The explanation that a file's text holds. Raises: ValueError when it does not have the form."""
    found = re.fullmatch(_FORM, text, re.DOTALL)
    if found is None:
        raise ValueError(f"not an explanation: {text.partition(chr(10))[0]}")
    wrong = Example(found["wrong_language"], found["wrong"])
    right = Example(found["right_language"], found["right"])
    return Explanation(found["code"], found["name"], found["title"], found["why"], wrong, right)


def explained() -> tuple[str, ...]:
    """The codes that there is a file on, in order."""
    names = (entry.name for entry in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".md") for name in names if name.endswith(".md")))


def explanation(code: str) -> Explanation:
    """What there is to say of a code."""
    return read((resources.files(__name__) / f"{code}.md").read_text("utf-8"))
