"""The server of production takes bodies of unstated length, and lets a photo of 200 MB pass by without keeping it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from lienthong.poverty.models import Submission, SubmissionMedia, Visit
from tests.documents.specimens import png
from tests.interop.openrosa_client import Phone
from tests.poverty.filled import Field, set_field
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SOURCE = Path(__file__).parents[2] / "src"
HUGE = 200 * 1024 * 1024
MAY_GROW_KB = 120 * 1024


@pytest.fixture
def field(world: World) -> Field:
    return set_field(world)


@pytest.fixture
def house(field: Field, settings: Any, tmp_path: Path) -> Iterator[tuple[str, int]]:
    """Start the web server beside this test, on its database; its address and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = connection.settings_dict
    environment = {
        **os.environ,
        "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "lienthong.config.settings",
        "LIENTHONG_DATA_DIR": str(tmp_path),
        "LIENTHONG_DATABASE_URL": (
            f"postgresql://{quote(told['USER'])}:{quote(told['PASSWORD'] or '')}@/{told['NAME']}"
            f"?host={told['HOST']}&port={told['PORT'] or 5432}"
        ),
    }
    start = f"from lienthong.ops.web import main; main('127.0.0.1', {port}, 1)"
    server = subprocess.Popen([sys.executable, "-c", start], env=environment)
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        server.terminate()
        server.wait(30)


def test_takes_what_comes_in_chunks(house: tuple[str, int], field: Field) -> None:
    phone = Phone(f"{house[0]}/openrosa/{field.phone().token}")
    xml = field.xml(photo="nha.png")

    answered = phone.send(xml, ("nha.png", png(300, 200)), chunked=True)

    assert (answered.status, answered.words) == (201, "Đã nhận phiếu.")
    assert Visit.objects.count() == 1
    assert SubmissionMedia.objects.exclude(file=None).count() == 1
    assert phone.head().status == 204
    assert set(phone.forms()) == {"phieu-a", "phieu-b", "phieu-c"}


@pytest.mark.parametrize("chunked", [True, False])
def test_a_photo_of_200_mb_is_refused_in_words_and_fills_no_memory(
    house: tuple[str, int], field: Field, chunked: bool
) -> None:
    phone = Phone(f"{house[0]}/openrosa/{field.phone().token}")
    phone.forms()
    before = _memory_kb(house[1])

    answered = phone.send(field.xml(photo="nha.png"), ("nha.png", b"\x89PNG\r\n\x1a\n" + b"0" * HUGE), chunked=chunked)

    assert answered.status == 413
    assert "vẫn còn trên máy" in answered.words
    assert _memory_kb(house[1]) - before < MAY_GROW_KB
    assert not Submission.objects.exists()
    assert phone.send(field.xml(photo="nha.png"), ("nha.png", png())).status == 201


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _try in range(600):
        assert server.poll() is None, "the server ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server does not answer")


def _memory_kb(pid: int) -> int:
    """The highest that a process and its children ever stood at."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    peaks = 0
    for one in [str(pid), *children]:
        status = Path(f"/proc/{one}/status").read_text()
        peaks += int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
    return peaks
