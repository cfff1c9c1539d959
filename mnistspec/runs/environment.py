"""What a run ran on: versions, devices, machine."""

from __future__ import annotations

import platform
from importlib import metadata
from pathlib import Path
from typing import Any

from mnistspec.memory import machine_memory
from mnistspec.processors import cores
from mnistspec.version import __version__

# Distributions whose version can change a result; of TensorFlow's, whichever is installed.
_DISTRIBUTIONS = ("keras", "tensorflow", "tensorflow-cpu", "jax", "torch", "numpy", "h5py", "pillow")


def versions() -> dict[str, str]:
    """Versions by name, of what is installed."""
    found = {"python": platform.python_version(), "mnistspec": __version__}
    for name in _DISTRIBUTIONS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, Any]:
    """System, processor, cores (those this process may use) and memory (bytes, None where the system does not say)."""
    return {
        "system": platform.platform(terse=True),
        "processor": _processor(),
        "cores": cores(),
        "memory_bytes": machine_memory(),
    }


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as stream:
            for line in stream:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        return platform.processor() or platform.machine()
    return platform.processor() or platform.machine()


def devices() -> list[str]:
    """The devices that Keras' backend sees, processors and accelerators, as `KIND:NUMBER`."""
    import keras

    backend: str = keras.backend.backend()
    return _DEVICES[backend]()


def _of_tensorflow() -> list[str]:
    import tensorflow as tf

    return [device.name.removeprefix("/physical_device:") for device in tf.config.list_physical_devices()]


def _of_jax() -> list[str]:
    import jax

    return [f"{device.platform.upper()}:{device.id}" for device in jax.devices()]


def _of_torch() -> list[str]:
    import torch

    return ["CPU:0", *(f"GPU:{number}" for number in range(torch.cuda.device_count()))]


_DEVICES = {"tensorflow": _of_tensorflow, "jax": _of_jax, "torch": _of_torch}
