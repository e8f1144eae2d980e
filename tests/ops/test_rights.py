"""Root starts the house; pages and jobs run without root's rights, and root's commands go on working beside them."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from lienthong.config.settings.base import DEMO_PASSWORD
from lienthong.infra.postgres.account import server_account
from lienthong.ops import rights
from lienthong.ops.bench.browser import Browser
from tests.documents import specimens
from tests.ops.house_bench import House, Up, free_port, new_house

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can lay rights down"),
]
FUNERAL_SUPPORT = "1.001731"


def open_python() -> str | None:
    """Return a Python of our version that an account without rights may run; the one that runs us may lie in /root."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for python in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        if shutil.which(python) and _runs_for_nobody(python):
            return python
    return None


def _runs_for_nobody(python: str) -> bool:
    try:
        done = subprocess.run(
            [python, "-c", "import django"],
            env={"PYTHONPATH": sysconfig.get_path("purelib")},
            user="nobody", extra_groups=[], cwd="/", capture_output=True, check=False,
        )  # fmt: skip
    except PermissionError:
        return False
    return done.returncode == 0


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """A house with a demo province, which root has loaded: its files are root's."""
    python = open_python()
    if python is None:
        pytest.skip("no Python here that an account without rights may run")
    with new_house(python=python, libraries=sysconfig.get_path("purelib")) as one:
        loaded = one.run("demo", "--scale", "tiny")
        assert loaded.returncode == 0, loaded.stdout + loaded.stderr
        yield one


class Citizen(Browser):
    """The citizen of the demo province, with a draft begun."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.sign_in("demo.congdan", DEMO_PASSWORD)
        page = BeautifulSoup(self._ask("GET", f"/file/{FUNERAL_SUPPORT}/")[1], "html.parser")
        controls = page.select("main form input:not([type=radio]), main form input[checked], main form select")
        self.draft = self.post(
            f"/file/{FUNERAL_SUPPORT}/", {str(one["name"]): str(one.get("value") or "") for one in controls}
        )

    def upload(self, name: str, content: bytes) -> str:
        """Hand in a file for the first paper and return the page that comes back."""
        path = f"{self.draft}papers/1/"
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self._ask("GET", path)[1].decode())
        assert token is not None
        head = '--edge\r\nContent-Disposition: form-data; name="{}"'
        body = b"".join(
            [
                f"{head.format('csrfmiddlewaretoken')}\r\n\r\n{token[1]}\r\n".encode(),
                f"{head.format('more')}\r\n\r\n1\r\n".encode(),
                f'{head.format("papers")}; filename="{name}"\r\nContent-Type: application/pdf\r\n\r\n'.encode(),
                content,
                b"\r\n--edge--\r\n",
            ]
        )
        headers = {
            "Cookie": "; ".join(f"{key}={value}" for key, value in self._cookies.items()),
            "Content-Type": "multipart/form-data; boundary=edge",
            "Origin": self._origin,
        }
        self._link.request("POST", path, body, headers)
        self._link.getresponse().read()
        return self._ask("GET", path)[1].decode()


def owners(pid: int) -> set[str]:
    """Return every user as whom a process may act."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return set(next(line for line in lines if line.startswith("Uid:")).split()[1:])


def family(pid: int) -> list[int]:
    listed = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout
    return [pid, *(int(child) for child in listed.split())]


def ours(up: Up) -> list[int]:
    return [pid for child in (up.child("web"), up.child("worker")) for pid in family(child)]


def _lives(pid: int) -> bool:
    """Say whether a process is there and is no zombie that nobody has asked after yet."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_pages_and_jobs_run_as_the_account_of_the_database(house: House) -> None:
    with house.up() as up:
        account = str((house.data_dir / "postgresql").stat().st_uid)
        assert account != "0"
        assert len(ours(up)) == 4
        assert {pid: owners(pid) for pid in ours(up)} == {pid: {account} for pid in ours(up)}
        assert "bằng root" not in up.said()


def test_the_key_stays_roots_and_the_files_become_the_accounts(house: House) -> None:
    with house.up():
        account = (house.data_dir / "postgresql").stat().st_uid
        kept = [house.data_dir / "files", *(house.data_dir / "files").rglob("*")]
        assert len(kept) > 1
        assert {path.stat().st_uid for path in kept} == {account}
        assert (house.data_dir / "secret-key").stat().st_uid == 0


def test_a_file_is_handed_in_and_backup_restore_and_doctor_work_as_root_beside(house: House) -> None:
    files, archive = house.data_dir / "files", house.folder / "archive.tar"
    with house.up() as up:
        assert "giay-moi.pdf" in Citizen(house.port).upload("giay-moi.pdf", specimens.pdf(text="giấy mới"))
        assert house.run("backup", str(archive)).returncode == 0
        shutil.rmtree(min(files.glob("[0-9a-f][0-9a-f]")))
        restored = house.run("restore", str(archive), "--replace")
        assert restored.returncode == 0, restored.stdout + restored.stderr
        assert {path.stat().st_uid for path in files.rglob("*")} == {files.stat().st_uid}
        examined = house.run("doctor", "--full")
        assert "✗" not in examined.stdout, examined.stdout
        assert "giay-lai.pdf" in Citizen(house.port).upload("giay-lai.pdf", specimens.pdf(text="giấy lại"))
        assert up.process.poll() is None


@pytest.mark.kills
def test_the_pages_end_with_root_when_it_is_killed(house: House) -> None:
    with house.up() as up:
        pids = family(up.child("web"))
        up.process.kill()
        up.process.wait()
    with house.up() as again:
        assert again.answers()
        assert not any(_lives(pid) for pid in pids)


@pytest.mark.parametrize("part", ["src", "templates", "static/dist"])
def test_a_checkout_that_the_account_cannot_read_leaves_them_root_and_says_so(
    part: str,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    closed = tmp_path / part / "closed"
    closed.mkdir(parents=True, mode=0o700)
    (closed / "page.html").touch()
    settings.CHECKOUT = tmp_path
    monkeypatch.setattr(rights, "READ_WHILE_WORKING", (part,))

    assert server_account(Path("/nowhere")) is not None
    assert rights.lower_account("127.0.0.1", free_port()) is None
    assert re.search(
        r"vẫn chạy bằng root, vì tài khoản \S+ không đọc được /.+\. Hãy đặt mã nguồn", capsys.readouterr().out
    )
