"""The process that asks TensorFlow (see `mnistspec.doctor.probe`): one JSON object a line, the last one with `done`.

`--list` leaves the measuring out.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

_CUDA_LIBRARY = re.compile(r"\S*/(lib(?:cuda|cudart|cudnn|cublas|cublasLt|cufft|cusolver|cusparse|nccl)\.so\S*)$")


def tell(**facts: Any) -> None:
    """One line of the answer, out at once: the next thing done may be the last."""
    print(json.dumps(facts), flush=True)


def main(measure: bool) -> None:
    tensorflow = _imported()
    if tensorflow is None:
        return
    gpus = tensorflow.config.list_physical_devices("GPU")
    for gpu in gpus:
        # Without growth TensorFlow takes all the memory of a GPU that others may be using.
        tensorflow.config.experimental.set_memory_growth(gpu, True)
    devices = [_listed(tensorflow, device) for device in tensorflow.config.list_physical_devices() if _useful(device)]
    tell(devices=devices)
    for device in devices if measure else ():
        _measure(device["name"], device["kind"])
    tell(loaded=_loaded(), peak_bytes=_peak_bytes(), done=True)


def _imported() -> Any:
    """TensorFlow, after its facts were told; None, after the import error was."""
    start = time.perf_counter()
    try:
        import keras
        import numpy
        import tensorflow
    except Exception as error:  # an import can fail in any way: a missing symbol is an AttributeError, and so on
        absent = isinstance(error, ModuleNotFoundError) and error.name in ("tensorflow", "keras", "numpy")
        tell(import_error={"absent": absent, "kind": type(error).__name__, "text": str(error).strip()})
        return None
    threading = tensorflow.config.threading
    tell(
        tensorflow=tensorflow.__version__,
        keras=keras.__version__,
        numpy=numpy.__version__,
        keras_backend=keras.backend.backend(),
        import_seconds=round(time.perf_counter() - start, 2),
        build=dict(tensorflow.sysconfig.get_build_info()),
        threads={
            "intra_op": threading.get_intra_op_parallelism_threads(),
            "inter_op": threading.get_inter_op_parallelism_threads(),
        },
    )
    return tensorflow


def _useful(device: Any) -> bool:
    """XLA lists its own view of each device besides; those are no further hardware."""
    return not device.device_type.startswith("XLA_")


def _listed(tensorflow: Any, device: Any) -> dict[str, Any]:
    details = tensorflow.config.experimental.get_device_details(device)
    return {
        "name": device.name.removeprefix("/physical_device:"),
        "kind": device.device_type,
        "model": details.get("device_name", ""),
        "capability": details.get("compute_capability"),
    }


def _measure(name: str, kind: str) -> None:
    from mnistspec.doctor.probe.product import measure_product
    from mnistspec.doctor.probe.training import measure_training

    tell(measuring=name)
    measured: dict[str, Any] = {"name": name}
    try:
        measured["product"] = measure_product(f"/{name}", 1024 if kind == "CPU" else 4096)
        measured["training"] = measure_training(f"/{name}")
    except Exception as error:  # whatever a device does wrong is the answer, and the next one is still asked
        measured["failure"] = f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0][:300]}"
    tell(measured=measured)


def _loaded() -> dict[str, str]:
    """The CUDA libraries that this process really opened, name to path; empty where the system does not tell."""
    maps = Path("/proc/self/maps")
    if not maps.exists():
        return {}
    found = (_CUDA_LIBRARY.search(line) for line in maps.read_text(errors="replace").splitlines())
    return {match.group(1): match.group(0) for match in found if match}


def _peak_bytes() -> int | None:
    """The most memory this process held (bytes); None on Windows, which has no `resource`."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    main(measure="--list" not in sys.argv[1:])
