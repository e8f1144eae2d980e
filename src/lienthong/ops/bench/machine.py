"""On what the figures were measured: without it they mean nothing."""

import os
import platform
from pathlib import Path
from typing import Any

import django
from django.db import connection

_SETTINGS = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")


def facts(*, database: bool = True) -> dict[str, Any]:
    """Return what matters of this machine, this Python and, where it takes part, this PostgreSQL."""
    found: dict[str, Any] = {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "django": django.get_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }
    if not database:
        return found
    with connection.cursor() as cursor:
        for name in _SETTINGS:
            cursor.execute(f"SHOW {name}")
            found["postgresql" if name == "server_version" else name] = cursor.fetchone()[0]
    return found


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
