"""Are the packages of the run half there, and do their versions fit together?"""

from __future__ import annotations

from mnistspec.doctor.finding import Finding
from mnistspec.doctor.fits import numbers
from mnistspec.doctor.machine import Machine
from mnistspec.doctor.requirements import all_unmet

# The oldest versions that mnistspec runs on, as its extras ask for them (a test compares).
OLDEST = {"tensorflow": "2.21", "jax": "0.10", "torch": "2.13", "keras": "3.15", "numpy": "1.26", "pillow": "10.3"}


def check(machine: Machine) -> tuple[Finding, ...]:
    backend, tensorflows = machine.backend, machine.tensorflows
    if machine.distribution("keras") is None and not tensorflows and machine.distribution(backend) is None:
        return (_mnistspec(machine), _light(machine))
    first = _tensorflow(machine) if backend == "tensorflow" else _package(machine, backend, backend)
    others = (_package(machine, name, name) for name in ("keras", "numpy", "pillow"))
    beside = () if tensorflows or backend == "tensorflow" else (_without_tensorflow(backend),)
    roots = (*tensorflows, "keras", "mnistspec") if backend == "tensorflow" else (backend, "keras", "mnistspec")
    return (_mnistspec(machine), first, *others, *beside, _fit(machine, roots))


def _without_tensorflow(backend: str) -> Finding:
    says = (
        f"tensorflow is not installed: a spec that names no backend needs `--backend {backend}`, "
        "or `pip install 'mnistspec[cpu]'`"
    )
    return Finding("tensorflow", "note", says, {"version": None})


def _mnistspec(machine: Machine) -> Finding:
    version = _version(machine, "mnistspec")
    says = f"mnistspec {version}" if version else "mnistspec from a source folder, not installed"
    return Finding("mnistspec", "ok", says, {"version": version})


def _light(machine: Machine) -> Finding:
    return Finding(
        "packages",
        "missing",
        "the light install: it checks, shows and exports specs, but building and training need Keras",
        {machine.backend: None, "keras": None},
        machine.extra,
    )


def _tensorflow(machine: Machine) -> Finding:
    names = machine.tensorflows
    if len(names) < 2:
        return _package(machine, "tensorflow", names[0] if names else "tensorflow")
    return Finding(
        "tensorflow",
        "broken",
        f"{' and '.join(names)} are both installed and overwrite each other's files",
        {"installed": {name: _version(machine, name) for name in names}},
        f"pip uninstall -y {' '.join(names)} && {machine.extra}",
    )


def _package(machine: Machine, title: str, name: str) -> Finding:
    """One package: there, and new enough."""
    version, oldest = _version(machine, name), OLDEST[title]
    detail = {"distribution": name, "version": version, "oldest": oldest}
    if version is None:
        return Finding(title, "missing", f"{title} is not installed", detail, machine.extra)
    if numbers(version) < numbers(oldest):
        says = f"{name} {version} is older than {oldest}, the oldest that mnistspec runs on"
        return Finding(title, "missing", says, detail, f"pip install --upgrade '{name}>={oldest}'")
    return Finding(title, "ok", f"{name} {version}", detail)


def _fit(machine: Machine, roots: tuple[str, ...]) -> Finding:
    """Whether every requirement of what is installed is met, down to the last dependency."""
    if machine.distribution("packaging") is None:
        says = "the package `packaging`, which Keras needs, is not installed"
        return Finding("fit", "missing", says, {}, "pip install packaging")
    looked_at, wrong = all_unmet(machine, roots)
    if not wrong:
        return Finding("fit", "ok", f"the installed versions fit together ({looked_at} requirements)", {"unmet": []})
    return Finding(
        "fit",
        "broken",
        "; ".join(map(str, wrong)),
        {"unmet": [str(problem) for problem in wrong]},
        f"pip install {' '.join(dict.fromkeys(problem.pip for problem in wrong))}",
    )


def _version(machine: Machine, name: str) -> str | None:
    found = machine.distribution(name)
    return found.version if found else None
