"""Keras' folder of settings and data sets: where it is, what it says, and which data sets are there."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mnistspec.doctor.finding import Finding
from mnistspec.doctor.machine import Machine
from mnistspec.doctor.stored import PACKAGED, Stored

# What a fresh Keras writes into keras.json; anything else changes results without a word in the spec.
DEFAULTS = {"backend": "tensorflow", "floatx": "float32", "image_data_format": "channels_last"}


def check(machine: Machine) -> tuple[Finding, ...]:
    stored = machine.datasets()
    return (_folder(machine), _settings(machine), _whole(stored), *(_faulty(one) for one in stored if _is_faulty(one)))


def keras_home(machine: Machine) -> Path:
    """Keras' folder: `KERAS_HOME`, or `.keras` in the home folder."""
    named = machine.environment.get("KERAS_HOME")
    return Path(named).expanduser() if named else machine.home / ".keras"


def _folder(machine: Machine) -> Finding:
    folder = keras_home(machine)
    existing = next(place for place in (folder, *folder.parents) if os.access(place, os.F_OK))
    detail = {"folder": str(folder), "exists": existing == folder, "named_by": _named_by(machine)}
    if not os.access(existing, os.W_OK):
        # Keras falls back to a folder in /tmp then, and downloads again after each restart.
        says = f"{folder} cannot be written: data sets are not kept"
        return Finding("keras folder", "note", says, detail, "export KERAS_HOME=/a/folder/of/yours")
    return Finding("keras folder", "ok", f"{folder}{'' if existing == folder else ' (made when first needed)'}", detail)


def _named_by(machine: Machine) -> str:
    return "KERAS_HOME" if machine.environment.get("KERAS_HOME") else "default"


def _settings(machine: Machine) -> Finding:
    path = keras_home(machine) / "keras.json"
    settings = read_settings(machine.read(str(path)))
    if settings is None:
        says = f"{path} is not JSON; Keras cannot start with it"
        return Finding("keras settings", "broken", says, {"file": str(path)}, f"rm {path}")
    backend = machine.environment.get("KERAS_BACKEND")
    if backend:
        settings = {**settings, "backend": backend}
    unusual = {name: value for name, value in settings.items() if name in DEFAULTS and value != DEFAULTS[name]}
    detail = {"file": str(path), "settings": settings, "unusual": unusual}
    if unusual:
        told = ", ".join(f"{name}: {value}" for name, value in unusual.items())
        return Finding("keras settings", "note", f"not Keras' defaults: {told}", detail)
    return Finding("keras settings", "ok", "Keras' defaults", detail)


def read_settings(text: str | None) -> Mapping[str, Any] | None:
    """The settings in keras.json, {} for no file; None where it cannot be read."""
    try:
        settings = json.loads(text) if text else {}
    except json.JSONDecodeError:
        return None
    return settings if isinstance(settings, dict) else None


def _whole(stored: tuple[Stored, ...]) -> Finding:
    """The data sets that can be used without a network."""
    good = [one for one in stored if one.state == "good" and one.name != PACKAGED]
    absent = [one.name for one in stored if one.state == "absent"]
    detail = {"good": {one.name: one.bytes for one in good}, "absent": absent, "packaged": PACKAGED}
    told = ", ".join(f"{one.name} ({one.bytes / 1e6:.1f} MB)" for one in good) or "none downloaded"
    says = f"{told}; {PACKAGED} comes with mnistspec"
    if "mnist" in absent:
        return Finding("data sets", "note", says, detail, "mnistspec data fetch mnist")
    return Finding("data sets", "ok", says, detail)


def _is_faulty(one: Stored) -> bool:
    return one.state in ("damaged", "unreadable")


def _faulty(one: Stored) -> Finding:
    """A file that is not what was published. It stops the specs that name it, and no others."""
    detail = {"state": one.state, "files": list(one.files), "bytes": one.bytes}
    if one.name == PACKAGED:
        fix = "pip install --force-reinstall --no-deps mnistspec"
    elif one.state == "unreadable":
        fix = "ls -l ~/.keras/datasets"
    else:
        fix = f"mnistspec data fetch {one.name}"
    says = f"{one.name} is {one.state}: {', '.join(one.files)}"
    return Finding(f"data set {one.name}", "broken", says, detail, fix, stops="nothing")
