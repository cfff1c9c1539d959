"""Who is told how a run goes: the command line prints it, programs stay silent."""

from __future__ import annotations

import warnings
from typing import Any, Protocol

from mnistspec.training.progress import Listener, Silent


class Narrator(Listener, Protocol):
    """A listener to the training that also hears about everything around it."""

    def say(self, text: str) -> None: ...

    def warn(self, text: str) -> None: ...

    def model_built(self, record: dict[str, Any]) -> None: ...

    def close(self) -> None: ...


class SilentNarrator(Silent):
    """Hears everything and says nothing, but for what must not go unheard, which becomes a warning of Python's."""

    def say(self, text: str) -> None:
        """One line about what is going on."""

    def warn(self, text: str) -> None:
        warnings.warn(text, stacklevel=2)

    def model_built(self, record: dict[str, Any]) -> None:
        """The model as `run.json` will describe it."""

    def close(self) -> None:
        """Nothing more will come, or nothing for now."""
