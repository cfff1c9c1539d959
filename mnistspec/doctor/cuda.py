"""Does this TensorFlow's CUDA fit: the driver, the GPU's kernels, and the CUDA and cuDNN libraries that are found?"""

from __future__ import annotations

from collections.abc import Mapping

from mnistspec.doctor.finding import Finding
from mnistspec.doctor.fits import driver_runs, kernels_for, numbers, oldest_driver
from mnistspec.doctor.libraries import find_libraries, foreign_folders
from mnistspec.doctor.machine import Machine
from mnistspec.doctor.nvidia import install_driver


def check(machine: Machine) -> tuple[Finding, ...]:
    """Findings on the CUDA half; none before TensorFlow could be imported."""
    if not machine.probed.imported:
        return ()
    if not machine.probed.build.get("is_cuda_build"):
        return (_cpu_build(machine),)
    return (_build(machine), *(_driver(machine) or _kernels(machine)), *_libraries(machine), *_foreign(machine))


def _cpu_build(machine: Machine) -> Finding:
    detail = {"is_cuda_build": False}
    if not machine.smi.gpus:
        return Finding("cuda", "note", "this TensorFlow is the CPU build", detail)
    if not machine.runs_cuda:
        says = f"TensorFlow has no CUDA build for {machine.system}: the GPU is used through WSL2"
        return Finding(
            "cuda", "missing", says, detail, "wsl --install   (in Windows; then install inside)", stops="gpu"
        )
    return Finding(
        "cuda",
        "missing",
        "this TensorFlow is the CPU build; to use the GPU, install the other one in a fresh environment",
        detail,
        "python -m venv ~/mnistspec-gpu && . ~/mnistspec-gpu/bin/activate && pip install 'mnistspec[gpu]'",
        stops="gpu",
    )


def _build(machine: Machine) -> Finding:
    build = machine.probed.build
    targets = ", ".join(build.get("cuda_compute_capabilities", ())) or "targets not told"
    says = f"built for CUDA {build.get('cuda_version')} and cuDNN {build.get('cudnn_version')} ({targets})"
    return Finding("cuda", "ok", f"this TensorFlow is {says}", dict(build))


def _driver(machine: Machine) -> tuple[Finding, ...]:
    """The driver against the CUDA that TensorFlow was built for."""
    driver, built = machine.smi.driver, str(machine.probed.build.get("cuda_version") or "")
    if driver is None or not built or driver_runs(driver, built, machine.wsl):
        return ()
    oldest = oldest_driver(built, machine.wsl)
    says = f"driver {driver} (CUDA {machine.smi.cuda}) is too old for CUDA {built}: it needs {oldest} or newer"
    detail = {"driver": driver, "oldest": oldest}
    return (Finding("driver for cuda", "missing", says, detail, install_driver(machine), stops="gpu"),)


def _kernels(machine: Machine) -> tuple[Finding, ...]:
    """Each GPU against the kernels that TensorFlow carries."""
    targets = tuple(machine.probed.build.get("cuda_compute_capabilities", ()))
    told = {gpu.name: gpu.capability for gpu in machine.smi.gpus if gpu.capability}
    return tuple(
        finding
        for name, capability in told.items()
        if targets and (finding := _kernels_of(machine, name, capability, targets)) is not None
    )


def _kernels_of(machine: Machine, name: str, capability: tuple[int, int], targets: tuple[str, ...]) -> Finding | None:
    way = kernels_for(capability, targets)
    shown = ".".join(map(str, capability))
    detail = {"compute_capability": shown, "built_for": list(targets), "way": way}
    if way == "binary":
        return None
    if way is None:
        says = f"{name} (compute capability {shown}) is older than all that this TensorFlow was built for"
        fix = "CUDA_VISIBLE_DEVICES=-1 mnistspec doctor   (to use the CPU)"
        return Finding("kernels", "missing", says, detail, fix, stops="gpu")
    built = str(machine.probed.build.get("cuda_version") or "")
    if machine.smi.cuda and numbers(machine.smi.cuda)[:2] < numbers(built)[:2]:
        # A driver runs newer binaries of its CUDA major version but compiles no newer PTX. Not every operation needs
        # that, so what was measured on the device decides, and this only warns.
        says = (
            f"the driver must compile kernels for {name}, and knows CUDA {machine.smi.cuda}, not {built}: some may fail"
        )
        return Finding("kernels", "note", says, detail, install_driver(machine), stops="gpu")
    says = f"the driver compiles kernels for {name} (compute capability {shown}) when first used, which takes a while"
    return Finding("kernels", "note", says, detail)


def _libraries(machine: Machine) -> tuple[Finding, ...]:
    """The CUDA libraries that TensorFlow asks for: as wheels, on the system, or not at all."""
    libraries = find_libraries(machine)
    if not libraries:
        return ()
    wrong = [library for library in libraries if library.problem]
    detail: Mapping[str, object] = {
        "libraries": {library.package: library.found for library in libraries},
        "loaded": machine.probed.facts.get("loaded", {}),
    }
    if not wrong:
        cudnn = next((library.found for library in libraries if "cudnn" in library.package), "?")
        runtime = next((library.found for library in libraries if "runtime" in library.package), "?")
        return (Finding("cuda libraries", "ok", f"found: CUDA runtime {runtime}, cuDNN {cudnn}", detail),)
    says = "; ".join(f"{library.package}: {library.problem}" for library in wrong)
    if not machine.smi.gpus:
        return (Finding("cuda libraries", "note", f"{says} (needed on a GPU only)", detail),)
    fix = f"pip install {' '.join(repr(library.requirement) for library in wrong)}"
    return (Finding("cuda libraries", "missing", says, detail, fix, stops="gpu"),)


def _foreign(machine: Machine) -> tuple[Finding, ...]:
    """`LD_LIBRARY_PATH` is looked in before TensorFlow's own path to the wheels."""
    folders = foreign_folders(machine)
    if not folders or not machine.smi.gpus:
        return ()
    says = f"LD_LIBRARY_PATH puts another CUDA before the wheels: {', '.join(folders)}"
    return (Finding("library path", "note", says, {"folders": list(folders)}, "unset LD_LIBRARY_PATH"),)
