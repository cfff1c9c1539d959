"""Does TensorFlow start, what devices does it see, and does each of them compute right?"""

from __future__ import annotations

from mnistspec.doctor import cuda
from mnistspec.doctor.finding import Finding
from mnistspec.doctor.machine import Machine
from mnistspec.doctor.probe import TIMEOUT_SECONDS, Device, Probed

ON_THE_CPU = "CUDA_VISIBLE_DEVICES=-1 mnistspec doctor   (to leave the GPU out)"
SHOW_THE_IMPORT = 'python -X faulthandler -c "import tensorflow, keras"'
LIST_WITH_LOG = (
    "TF_CPP_MIN_LOG_LEVEL=0 TF_CPP_VMODULE=dso_loader=1 "
    "python -c \"import tensorflow as tf; print(tf.config.list_physical_devices('GPU'))\""
)

# A part of an import error, what it means, what to type; REINSTALL stands for the line of the run half.
REINSTALL = "REINSTALL"
IMPORT_ERRORS = (
    ("numpy", "NumPy and a package built for another NumPy do not fit", REINSTALL),
    ("_ARRAY_API", "NumPy and a package built for another NumPy do not fit", REINSTALL),
    ("GLIBC", "this system's C library is older than the wheels need (glibc 2.27)", "ldd --version"),
    (
        "DLL load failed",
        "a library of Windows is missing: the Microsoft Visual C++ Redistributable",
        "winget install Microsoft.VCRedist.2015+.x64",
    ),
    ("circular import", "a file of this folder has the name of a package and is imported in its place", "ls *.py"),
)

# How a process that imported TensorFlow died.
CRASHES = {
    "SIGILL": "an illegal instruction: this TensorFlow was built for a newer processor",
    "SIGKILL": "it was killed, most likely for want of memory",
    "SIGSEGV": "a library crashed: most often two TensorFlow packages, or CUDA libraries that do not fit",
    "SIGABRT": "a library gave up",
}

# A part of TensorFlow's log when it sees no GPU, what it means, what to type.
LOG_MEANINGS = (
    ("CUDA_ERROR_SYSTEM_NOT_READY", "the fabric manager does not run", "sudo systemctl start nvidia-fabricmanager"),
    ("CUDA_ERROR_UNKNOWN", "the driver's `nvidia_uvm` module is not loaded", "sudo modprobe nvidia_uvm"),
    ("CUDA_ERROR_NO_DEVICE", "CUDA finds no GPU", "nvidia-smi -L"),
    ("libcuda.so.1", "the driver's CUDA library is not found", "ldconfig -p | grep libcuda"),
)


def check(machine: Machine) -> tuple[Finding, ...]:
    probed = machine.probed
    if not probed.imported:
        return _not_imported(machine)
    measured = tuple(_device(machine, device) for device in probed.devices)
    return (_imported(probed), *measured, *_unseen(machine), *_ended(probed))


def _imported(probed: Probed) -> Finding:
    facts = probed.facts
    versions = {name: facts.get(name) for name in ("tensorflow", "keras", "numpy")}
    says = f"TensorFlow {versions['tensorflow']} and Keras {versions['keras']} start in {facts['import_seconds']:.1f} s"
    log = {"loaded": facts.get("loaded", {}), "log": list(probed.log)}
    return Finding("start", "ok", says, {**versions, "import_seconds": facts["import_seconds"], **log})


def _not_imported(machine: Machine) -> tuple[Finding, ...]:
    """Why the import failed; an absent package is the business of another check, which names it."""
    probed = machine.probed
    detail = {"ended": probed.ended, "said": probed.said, "log": list(probed.log)}
    if probed.ended == "absent":
        return ()
    if probed.ended == "timeout":
        says = f"TensorFlow did not start within {TIMEOUT_SECONDS:.0f} s"
        return (Finding("start", "broken", says, detail, SHOW_THE_IMPORT),)
    if probed.ended == "crashed":
        says = f"TensorFlow crashes when it is imported ({probed.said}): {CRASHES.get(probed.said, 'unknown why')}"
        return (Finding("start", "broken", says, detail, SHOW_THE_IMPORT),)
    meaning, fix = _import_error(machine, probed.said)
    return (Finding("start", "broken", f"TensorFlow cannot be imported: {meaning} ({probed.said})", detail, fix),)


def _import_error(machine: Machine, said: str) -> tuple[str, str]:
    reinstall = machine.extra.replace("pip install", "pip install --force-reinstall --no-cache-dir")
    for words, meaning, fix in IMPORT_ERRORS:
        if words.lower() in said.lower():
            return meaning, reinstall if fix == REINSTALL else fix
    return "its installation is not whole", reinstall


def _device(machine: Machine, device: Device) -> Finding:
    """What was measured on one device. TensorFlow trains on the first GPU that it sees, so a faulty one stops a run."""
    name = f"device {device.name}"
    detail = _detail(device)
    model = f"{device.model}: " if device.model else ""
    fix = ON_THE_CPU if device.kind == "GPU" else machine.extra.replace("install", "install --force-reinstall", 1)
    if device.failure:
        return Finding(name, "broken", f"{model}{device.failure}", detail, fix)
    if device.product is None or device.training is None:
        return Finding(name, "note", f"{model}seen, not measured", detail)
    rates = (
        f"{model}matrix product {device.product.gflops:,.0f} GFLOP/s, "
        f"training {device.training.examples_per_second:,.0f} examples/s"
    )
    if not device.right:
        errors = f"product {device.product.error:.1e}, training step {device.training.error:.1e}"
        return Finding(name, "broken", f"{rates}, but the numbers are wrong: relative error {errors}", detail, fix)
    return Finding(name, "ok", f"{rates}; the numbers agree with NumPy", detail)


def _detail(device: Device) -> dict[str, object]:
    return {
        "kind": device.kind,
        "model": device.model,
        "compute_capability": ".".join(map(str, device.capability)) if device.capability else None,
        "product": vars(device.product) if device.product else None,
        "training": vars(device.training) if device.training else None,
        "failure": device.failure,
    }


def _unseen(machine: Machine) -> tuple[Finding, ...]:
    """GPUs that the driver has and TensorFlow does not see, with the reason as far as it can be told."""
    there, seen = len(machine.smi.gpus), len(machine.probed.gpus)
    if seen >= there or machine.probed.ended in ("timeout", "crashed"):
        return ()
    says = f"TensorFlow sees {seen or 'none'} of {there} GPU(s)"
    detail = {"driver_gpus": there, "tensorflow_gpus": seen, "log": list(machine.probed.log)}
    if any(finding.is_fault for finding in cuda.check(machine)):
        return (Finding("gpu in tensorflow", "note", f"{says}, for the reason above", detail),)
    visible = machine.environment.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        says = f"{says}: CUDA_VISIBLE_DEVICES is {visible!r}"
        if seen:
            return (Finding("gpu in tensorflow", "note", says, detail),)
        return (Finding("gpu in tensorflow", "missing", says, detail, "unset CUDA_VISIBLE_DEVICES", stops="gpu"),)
    meaning, fix = _log_meaning(machine)
    return (Finding("gpu in tensorflow", "missing", f"{says}: {meaning}", detail, fix, stops="gpu"),)


def _log_meaning(machine: Machine) -> tuple[str, str]:
    log = "\n".join(machine.probed.log)
    for words, meaning, fix in LOG_MEANINGS:
        if words in log:
            return meaning, fix
    if "Could not load dynamic library" in log:
        reinstall = machine.extra.replace("install", "install --force-reinstall", 1)
        return "a CUDA library cannot be opened, see the log in --json", reinstall
    return "it does not say why", LIST_WITH_LOG


def _ended(probed: Probed) -> tuple[Finding, ...]:
    """A process that died after the import and outside a device's measuring, which would have been blamed."""
    if probed.ended == "answered" or any(device.failure for device in probed.devices):
        return ()
    says = f"TensorFlow's process ended early: {probed.said}"
    return (Finding("end", "broken", says, {"ended": probed.ended, "log": list(probed.log)}, LIST_WITH_LOG),)
