"""Reading what an installed distribution requires, and whether what is installed meets it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mnistspec.doctor.machine import Installed, Machine
from mnistspec.frozen import dataclass

if TYPE_CHECKING:
    from packaging.requirements import Requirement


@dataclass(frozen=True)
class Unmet:
    """A requirement that is not met: `owner` needs `name` in `versions`, and `installed` is there (None: nothing)."""

    owner: str
    name: str
    versions: str
    installed: str | None

    @property
    def pip(self) -> str:
        return f"'{self.name}{self.versions}'"

    def __str__(self) -> str:
        there = f"{self.installed} is installed" if self.installed else "it is not installed"
        return f"{self.owner} needs {self.name}{self.versions}, and {there}"


def required(installed: Installed, extra: str | None = None) -> Iterator[Requirement]:
    """The requirements that hold here: all unconditional ones, or with `extra` only those that this extra adds."""
    # The light half has no `packaging`; wherever Keras or TensorFlow is installed it is there, they need it themselves.
    from packaging.requirements import InvalidRequirement, Requirement

    for text in installed.requires:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue  # older than the standard's grammar; pip passes over such lines too
        always = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        added = requirement.marker is not None and requirement.marker.evaluate({"extra": extra or ""})
        if always if extra is None else added and not always:
            yield requirement


def unmet(machine: Machine, owner: str, requirement: Requirement) -> Unmet | None:
    """What is wrong with one requirement of an installed distribution, or None."""
    found = machine.distribution(requirement.name)
    if found is not None and requirement.specifier.contains(found.version, prereleases=True):
        return None
    return Unmet(owner, requirement.name, str(requirement.specifier), found.version if found else None)


def all_unmet(machine: Machine, roots: tuple[str, ...]) -> tuple[int, tuple[Unmet, ...]]:
    """How many requirements of these distributions and of all they lead to were looked at, and those not met."""
    waiting, seen, wrong, looked_at = list(roots), set(roots), [], 0
    while waiting:
        owner = waiting.pop()
        installed = machine.distribution(owner)
        for requirement in required(installed) if installed else ():
            looked_at += 1
            problem = unmet(machine, owner, requirement)
            if problem:
                wrong.append(problem)
            elif requirement.name not in seen:
                seen.add(requirement.name)
                waiting.append(requirement.name)
    return looked_at, tuple(wrong)
