"""Which processor is this, what can it do, and how many threads may be used?"""

from __future__ import annotations

import re

from mnistspec.doctor.finding import Finding
from mnistspec.doctor.machine import Machine

# Instruction sets that TensorFlow, oneDNN and XLA choose their code by, as the Linux kernel spells them.
TELLING_FLAGS = (
    *("sse4_2", "avx", "avx2", "fma", "avx512f", "avx_vnni", "avx512_vnni", "avx512_bf16", "amx_bf16"),
    *("asimd", "sve", "sve2", "bf16", "i8mm"),
)
THREAD_SETTINGS = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS")


def check(machine: Machine) -> tuple[Finding, ...]:
    return (_instructions(machine), _threads(machine))


def _instructions(machine: Machine) -> Finding:
    flags, model = read_cpuinfo(machine.read("/proc/cpuinfo") or "")
    model = model or _mac_model(machine)
    known = [flag for flag in TELLING_FLAGS if flag in flags]
    detail = {"model": model, "architecture": machine.architecture, "flags": known}
    says = " ".join([model or "processor", f"({machine.architecture})", *known])
    if machine.architecture == "x86_64" and flags and "avx" not in flags:
        return Finding(
            "processor",
            "broken",
            f"{says}: no AVX, which the TensorFlow wheels for x86_64 are built with",
            detail,
            "use another machine, or build TensorFlow for this one: https://www.tensorflow.org/install/source",
        )
    return Finding("processor", "ok" if flags or model else "note", says, detail)


def read_cpuinfo(text: str) -> tuple[frozenset[str], str]:
    """The flags and the model name in `/proc/cpuinfo`; ARM kernels say `Features` and no name."""
    flags = re.search(r"^(?:flags|Features)\s*:\s*(.*)$", text, re.MULTILINE)
    model = re.search(r"^model name\s*:\s*(.*)$", text, re.MULTILINE)
    return frozenset(flags.group(1).split() if flags else ()), model.group(1).strip() if model else ""


def _mac_model(machine: Machine) -> str:
    if machine.system != "Darwin":
        return ""
    return machine.run(("sysctl", "-n", "machdep.cpu.brand_string"), 10).out.strip()


def _threads(machine: Machine) -> Finding:
    quota = cpu_quota(machine)
    settings = {name: machine.environment[name] for name in THREAD_SETTINGS if name in machine.environment}
    detail = {
        "cores": machine.cores,
        "container_cores": quota,
        "settings": settings,
        "tensorflow": machine.probed.facts.get("threads"),
    }
    says = f"{machine.cores} cores may be used" + "".join(f", {name}={value}" for name, value in settings.items())
    if quota is None or quota >= machine.cores or "TF_NUM_INTRAOP_THREADS" in settings:
        return Finding("threads", "ok", says, detail)
    # TensorFlow starts a thread for each core that it sees; the container's quota then halts them all by turns.
    says += f", but the container has the time of {quota:g} only"
    return Finding("threads", "note", says, detail, f"export TF_NUM_INTRAOP_THREADS={max(1, round(quota))}")


def cpu_quota(machine: Machine) -> float | None:
    """How many cores' time a container may use, from cgroup version 2 or 1; None for no limit."""
    second = (machine.read("/sys/fs/cgroup/cpu.max") or "").split()
    if len(second) == 2 and second[0].isdigit():
        return int(second[0]) / int(second[1])
    quota = (machine.read("/sys/fs/cgroup/cpu/cpu.cfs_quota_us") or "").strip()
    period = (machine.read("/sys/fs/cgroup/cpu/cpu.cfs_period_us") or "").strip()
    return int(quota) / int(period) if quota.isdigit() and period.isdigit() else None
