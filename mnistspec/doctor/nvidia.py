"""Is there an NVIDIA GPU, and does its driver answer?"""

from __future__ import annotations

from mnistspec.doctor.finding import Finding
from mnistspec.doctor.machine import Machine
from mnistspec.doctor.smi import Gpu

PCI = "/sys/bus/pci/devices"
DRIVER_PAGE = "https://www.nvidia.com/drivers"

# What `nvidia-smi` says when it fails: a part of its words, what that means, what to type.
FAILURES = (
    (
        "Driver/library version mismatch",
        "the NVIDIA driver was updated while the old one was loaded; the machine needs a restart",
        "sudo reboot",
    ),
    (
        "couldn't communicate with the NVIDIA driver",
        "the NVIDIA driver is installed but not running, as after a kernel update",
        "sudo modprobe nvidia && nvidia-smi",
    ),
    (
        "GPU access blocked by the operating system",
        "Windows does not let this WSL at the GPU",
        "wsl --update; wsl --shutdown   (in a Windows terminal; then open WSL again)",
    ),
    (
        "Insufficient Permissions",
        "this user may not use the GPU",
        "ls -l /dev/nvidia*   (and join the group that owns them: sudo usermod -aG GROUP $USER)",
    ),
    (
        "Failed to initialize NVML: Unknown Error",
        "the container has lost the GPU, as after a reload of the host's services",
        "docker restart CONTAINER   (on the host)",
    ),
    (
        "No devices were found",
        "the driver runs and finds no GPU that it supports, or one that has failed",
        "sudo dmesg | grep -i nvrm",
    ),
)


def check(machine: Machine) -> tuple[Finding, ...]:
    if machine.smi.state == "answered":
        return (_driver(machine), *(_gpu(gpu) for gpu in machine.smi.gpus), *_without_instances(machine))
    return (_absent(machine) if machine.smi.state == "absent" else _failed(machine),)


def _driver(machine: Machine) -> Finding:
    smi = machine.smi
    where = " of Windows" if machine.wsl else ""
    detail = {"driver": smi.driver, "cuda": smi.cuda, "wsl": machine.wsl, "container": machine.container}
    if smi.cuda is None:
        return Finding(
            "driver",
            "missing",
            f"driver {smi.driver}{where} answers, but CUDA is not handed through to here",
            detail,
            "docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute,utility IMAGE   (on the host)"
            if machine.container
            else install_driver(machine),
            stops="gpu",
        )
    return Finding("driver", "ok", f"driver {smi.driver}{where}, runs CUDA up to {smi.cuda}", detail)


def _gpu(gpu: Gpu) -> Finding:
    capability = ".".join(map(str, gpu.capability)) if gpu.capability else "not told"
    memory = f"{gpu.memory_mib / 1024:.0f} GiB" if gpu.memory_mib else "memory not told"
    free = f" ({gpu.free_mib / 1024:.1f} free)" if gpu.free_mib is not None else ""
    return Finding(
        f"gpu {gpu.index}",
        "ok",
        f"{gpu.name}, {memory}{free}, compute capability {capability}{', MIG' if gpu.mig else ''}",
        {
            "name": gpu.name,
            "memory_mib": gpu.memory_mib,
            "free_mib": gpu.free_mib,
            "compute_capability": capability if gpu.capability else None,
            "mig": gpu.mig,
        },
    )


def _without_instances(machine: Machine) -> tuple[Finding, ...]:
    """A GPU in MIG mode computes through its instances only, and none was made."""
    sliced = [gpu for gpu in machine.smi.gpus if gpu.mig]
    if not sliced or machine.smi.mig_instances:
        return ()
    index = sliced[0].index
    return (
        Finding(
            "mig",
            "missing",
            f"GPU {index} is in MIG mode and has no instance, so nothing can compute on it",
            {"gpus": [gpu.index for gpu in sliced]},
            f"sudo nvidia-smi mig -i {index} -lgip   (then, with a profile from it: "
            f"sudo nvidia-smi mig -i {index} -cgi PROFILE -C)",
            stops="gpu",
        ),
    )


def nvidia_cards(machine: Machine) -> tuple[str, ...] | None:
    """PCI addresses of NVIDIA's display and compute devices (vendor 10de, class 03); None where that cannot be told."""
    addresses = machine.names(PCI)
    if addresses is None:
        return None
    return tuple(
        address
        for address in addresses
        if (machine.read(f"{PCI}/{address}/vendor") or "").strip() == "0x10de"
        and (machine.read(f"{PCI}/{address}/class") or "").startswith("0x03")
    )


def _absent(machine: Machine) -> Finding:
    """No `nvidia-smi`. That is a fault only where the hardware is there."""
    cards = nvidia_cards(machine)
    detail = {"driver": None, "cards": cards, "wsl": machine.wsl, "container": machine.container}
    if not cards:
        return Finding("driver", "note", "no NVIDIA driver and no NVIDIA card found: the CPU will be used", detail)
    says = f"{len(cards)} NVIDIA card(s) on the PCI bus ({', '.join(cards)})"
    if machine.container:
        says, fix = f"{says}, not handed to this container", "docker run --gpus all IMAGE   (on the host)"
    else:
        says, fix = f"{says} and no driver", install_driver(machine)
    return Finding("driver", "missing", says, detail, fix, stops="gpu")


def _failed(machine: Machine) -> Finding:
    cards = nvidia_cards(machine)
    detail = {"driver": None, "said": machine.smi.said, "cards": cards, "wsl": machine.wsl}
    if machine.smi.state == "timeout":
        says, fix = "nvidia-smi does not answer: the driver or the GPU hangs", "sudo dmesg | grep -i nvrm"
        return Finding("driver", "broken", says, detail, fix, stops="gpu")
    if cards == () and not machine.wsl:
        # A machine image with NVIDIA's tools and without a card fails in the words of a broken driver.
        return Finding("driver", "note", "nvidia-smi is installed and there is no NVIDIA card", detail)
    meaning, fix = _meaning(machine, machine.smi.said)
    return Finding("driver", "broken", f"nvidia-smi fails: {meaning}", detail, fix, stops="gpu")


def _meaning(machine: Machine, said: str) -> tuple[str, str]:
    for words, meaning, fix in FAILURES:
        if words.lower() in said.lower():
            return meaning, fix
    first = said.splitlines()[0] if said else "it says nothing"
    return first, install_driver(machine)


def install_driver(machine: Machine) -> str:
    """How to install or renew the driver on this system."""
    if machine.wsl:
        return f"install the newest driver in Windows ({DRIVER_PAGE}), then there: wsl --shutdown"
    if "ID=ubuntu" in (machine.read("/etc/os-release") or "").splitlines():
        return "sudo ubuntu-drivers install && sudo reboot"
    return f"install the newest driver for this GPU: {DRIVER_PAGE}"
