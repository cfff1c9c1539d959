"""What `run.json` holds, as far as this program goes by it: which kind of value each of its keys has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NOTHING = type(None)
# Key -> what it may be. Others, and keys that are missing, harm nobody.
_KINDS: Mapping[str, tuple[type, ...]] = {
    "status": (str,),
    "seed": (int,),
    "number": (int,),
    "started": (str,),
    "command": (list,),
    "backend": (str,),
    "resolved_sha256": (str,),
    "versions": (dict,),
    "timings": (dict,),
    "metrics": (dict, _NOTHING),
    "data": (dict,),
    "python": (dict, _NOTHING),
    "model": (dict,),
    "epochs": (dict,),
    "decisions": (dict,),
    "resumed": (list,),
    "artifacts": (dict,),
    "verification": (dict, _NOTHING),
    "exports": (dict,),
    "initial_weights": (dict,),
}
# The same of what stands inside a map or a list.
_INSIDE: Mapping[str, tuple[type, ...]] = {
    "versions": (str,),
    "timings": (int, float),
    "metrics": (dict, _NOTHING),
    "python": (str,),
    "decisions": (dict,),
    "resumed": (dict,),
    "artifacts": (dict,),
    "verification": (dict,),
    "exports": (dict,),
}


def misformed(record: Mapping[str, Any]) -> str | None:
    """The first key whose value no run has written so; None where there is none."""
    return next((name for name, value in record.items() if not _fits(name, value)), None)


def _fits(name: str, value: Any) -> bool:
    if not isinstance(value, _KINDS.get(name, (object,))):
        return False
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(isinstance(one, _INSIDE.get(name, (object,))) for one in inside)
