"""A spec with every default spelled out is decided as the spec: what is run again is run alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnistspec import check
from mnistspec.decisions import decide
from mnistspec.exporters.resolved import resolved_text

_SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.yaml"))


@pytest.mark.parametrize("path", _SPECS, ids=lambda path: path.stem)
def test_what_is_spelled_out_changes_no_decision(path: Path) -> None:
    written = check(path)
    assert written.spec is not None and written.untyped is not None and written.graph is not None
    text = resolved_text(written.spec, written.untyped, folder=path.parent)
    spelled = check(text, filename=str(path))
    assert spelled.spec is not None and spelled.graph is not None, spelled.diagnostics
    assert decide(spelled.graph, spelled.spec, accelerated=False) == decide(
        written.graph, written.spec, accelerated=False
    )
