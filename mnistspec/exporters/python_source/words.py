"""The names that lines of the script use."""

from __future__ import annotations

import ast
from collections.abc import Iterable


def names_in(lines: Iterable[str]) -> set[str]:
    """Every name in the code, those of arguments and attributes left out."""
    return {node.id for node in ast.walk(ast.parse("\n".join(lines))) if isinstance(node, ast.Name)}
