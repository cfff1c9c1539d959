"""Bringing Keras in: the backend chosen, the noise kept down, what is missing told with the line that installs it."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from mnistspec.collecting import without_collecting
from mnistspec.diagnostics import MissingExtra
from mnistspec.interruption import heed

# The backends of Keras, which have the names of the packages that they are in.
BACKENDS = ("tensorflow", "jax", "torch")
_INSTALL = {
    "tensorflow": "pip install 'mnistspec[cpu]' (or 'mnistspec[gpu]')",
    "jax": "pip install 'mnistspec[jax]'",
    "torch": "pip install 'mnistspec[torch]'",
}

# Options of `mallopt` (malloc.h): memory of up to so many bytes at a time comes from what is kept, and so much is kept.
_M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD = -3, -1
_FROM_THE_KEPT, _KEPT = 2**25, 2**29


def import_keras(backend: str = "tensorflow", *, deterministic: bool = False, threads: int | None = None) -> float:
    """Imports Keras on a backend and returns the seconds it took.

    `deterministic` has JAX take orderly operations on a GPU, which it can only be told before it starts. `threads` is
    how many compute, where that is to be fixed and still can be: see `threads_in_use`.

    Raises: MissingExtra when a package is missing, or when Keras already runs on another backend.
    """
    missing = [package for package in ("keras", backend) if not _installed(package)]
    if missing:
        left_out = ", which the light install leaves out" if "keras" in missing else ""
        raise MissingExtra(f"this needs {' and '.join(missing)}{left_out}: {_INSTALL[backend]}{_instead(missing)}")
    started = time.perf_counter()
    if "keras" not in sys.modules:
        os.environ["KERAS_BACKEND"] = backend
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        if backend == "jax" and deterministic:
            os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_gpu_deterministic_ops=true".strip()
    try:
        with _hushed(), without_collecting():
            import keras
        if backend == "tensorflow":
            import tensorflow as tf

            # Its warnings are about how Keras and we call it, nothing a spec could change.
            tf.get_logger().setLevel("ERROR")
        elif _installed("tensorflow"):
            # Keras imports it, where it is there, as soon as a model is built or loaded on any backend.
            with _hushed(), suppress(ImportError):
                importlib.import_module("tensorflow")
    except ImportError as error:
        raise MissingExtra(
            f"Keras is installed but cannot be imported ({error}); `mnistspec doctor` says more"
        ) from error
    finally:
        heed()
    if keras.backend.backend() != backend:
        raise MissingExtra(
            f"Keras already runs on {keras.backend.backend()} in this process, and the spec asks for {backend}; "
            f"start Python with KERAS_BACKEND={backend}"
        )
    if backend == "torch":
        _keep_freed_memory()
    if threads is not None:
        _fix_threads(backend, threads)
    return time.perf_counter() - started


def _keep_freed_memory() -> None:
    """Has the C library keep the memory that PyTorch frees, up to `_KEPT` bytes, for its next step.

    What a layer gives comes and goes in each step; in pages fresh from the system that takes a third of the time of a
    small convolutional net. TensorFlow and JAX keep theirs by themselves.
    """
    if sys.platform == "linux":
        import ctypes  # nothing else needs it

        with suppress(AttributeError):  # another C library than GNU's
            option = ctypes.CDLL(None).mallopt
            option(_M_MMAP_THRESHOLD, _FROM_THE_KEPT)
            option(_M_TRIM_THRESHOLD, _KEPT)


def _fix_threads(backend: str, count: int) -> None:
    if backend == "tensorflow":
        import tensorflow as tf

        with suppress(RuntimeError):  # it has begun to compute in this process, with the threads that it has
            tf.config.threading.set_intra_op_parallelism_threads(count)
    elif backend == "torch":
        import torch

        torch.set_num_threads(count)


def threads_in_use(backend: str) -> int | str:
    """How many threads were fixed, `auto` where none were; Keras is imported by now."""
    if backend == "tensorflow":
        import tensorflow as tf

        fixed = int(tf.config.threading.get_intra_op_parallelism_threads())
        return fixed or os.environ.get("TF_NUM_INTRAOP_THREADS", "auto")
    if backend == "torch":
        import torch

        return int(torch.get_num_threads())
    return "auto"


def _instead(missing: list[str]) -> str:
    """What a run can do without installing, where Keras is there with another backend."""
    there = [name for name in BACKENDS if _installed(name)]
    return "" if "keras" in missing or not there else f"; or run it on what is installed: `--backend {there[0]}`"


@contextmanager
def _hushed() -> Iterator[None]:
    """Keeps what TensorFlow's C++ half prints while it loads, and prints it only when the loading fails."""
    sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:
        yield
        return
    with tempfile.TemporaryFile() as noise:
        os.dup2(noise.fileno(), 2)
        try:
            yield
        except Exception:
            noise.seek(0)
            os.write(kept, noise.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def _installed(package: str) -> bool:
    return package in sys.modules or importlib.util.find_spec(package) is not None
