"""The run half as commands bring it in: only when they need it, and told in a sentence where it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mnistspec.diagnostics import MissingExtra

_PACKAGES = ("keras", "numpy", "PIL", "h5py", "tensorflow", "jax", "torch")


@contextmanager
def run_half() -> Iterator[None]:
    """Imports inside may need packages that the light install leaves out. Raises: MissingExtra, naming the package."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in _PACKAGES:
            raise
        package = "pillow" if error.name == "PIL" else error.name
        raise MissingExtra(
            f"this needs {package}, which the light install leaves out: "
            "pip install 'mnistspec[cpu]' (or 'mnistspec[gpu]')"
        ) from error
