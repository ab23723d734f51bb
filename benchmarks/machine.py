"""What a figure was measured on, and a few numbers about many numbers."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import sysconfig
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("bdhvs", "starlette", "uvicorn", "uvloop", "httptools", "msgspec", "SQLAlchemy", "voila", "ipywidgets")


def facts() -> dict[str, Any]:
    """The machine and the programs, without anything that names its owner.

    ``load`` is of the last minute, by anybody; more than the number of cores means that others had their share.
    """
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "python_optimised": "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or ""),
        "yardstick_ms": yardstick_ms(),
        "load": round(os.getloadavg()[0], 1),
        "versions": {name: found for name in PACKAGES if (found := _version(name))},
    }


def yardstick_ms() -> float:
    """Processor time of a fixed loop in Python, the median of 5: how fast this interpreter is just now."""

    def loop() -> float:
        begin, total = time.thread_time(), 0
        for number in range(1_000_000):
            total += number
        return time.thread_time() - begin

    return round(statistics.median(loop() for _ in range(5)) * 1000)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def memory_kib(pid: int) -> int:
    """Memory that a process has to itself plus its share of what it shares (PSS), in KiB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise OSError("the system does not tell the memory of a process")


def cpu_s(pid: int) -> float:
    """Processor time of a process so far, all threads, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def stolen_s() -> float:
    """Processor time, all cores, that the host of this virtual machine has given to others so far."""
    fields = Path("/proc/stat").read_text("ascii").splitlines()[0].split()
    return int(fields[8]) / os.sysconf("SC_CLK_TCK")


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` of the ordered values lie (the next one up, never between two)."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def latencies_ms(seconds: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99 and max, in milliseconds."""
    ordered = sorted(seconds)
    if not ordered:
        return {}
    shares = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
    found = {name: quantile(ordered, share) for name, share in shares.items()} | {"max": ordered[-1]}
    return {name: round(value * 1000, 1) for name, value in found.items()}


def say(text: str) -> None:
    """Progress, beside the result."""
    print(text, file=sys.stderr, flush=True)


def tell(name: str, parameters: dict[str, Any], figures: Any) -> None:
    """The result: one JSON object on stdout."""
    print(json.dumps({"benchmark": name, "machine": facts(), "parameters": parameters, "figures": figures}, indent=1, ensure_ascii=False))
