"""Whole processes, measured by the operating system: CPU seconds (user + sys) and peak memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HKFLOW = (sys.executable, "-m", "orchestration.cli")


@dataclass(frozen=True)
class Cost:
    """What a process cost. Peak memory is that of its largest single process."""

    cpu_seconds: float
    peak_megabytes: float


def cost_of(command: tuple[str, ...], environment: Mapping[str, str]) -> Cost:
    """Run a command to its end and return its cost.

    Raises:
        RuntimeError: it failed; the message holds the end of what it said.
    """
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {said[-20000:].decode()}")
    return _cost(usage)


def touch_memory() -> None:
    """Use 4 GB of memory once, or a quarter of what is there, in a process of its own.

    Under a hypervisor the first use of a page costs several times what a later one does, and is
    charged to the process that happens to be first. Call this before what is compared.

    Raises:
        subprocess.CalledProcessError: other processes have taken the memory.
    """
    there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    megabytes = min(4000, there // 4)
    touching = f"bytearray({megabytes} << 20)[::4096] = bytes({megabytes} << 8)"
    subprocess.run((sys.executable, "-c", touching), check=True)


def _cost(usage: resource.struct_rusage) -> Cost:
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
