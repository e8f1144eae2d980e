"""PostgreSQL's folder: made once, and described by our own configuration at every start."""

import os
import shutil
import subprocess
from pathlib import Path

from lienthong.infra.postgres import place
from lienthong.infra.postgres.account import Account
from lienthong.infra.postgres.binaries import Binaries
from lienthong.infra.postgres.refusals import ServerRefusal

MEGABYTE = 1024 * 1024


def make_data_dir(data_dir: Path) -> None:
    """Make the data folder, closed to everybody but us; root's can be crossed by the account of the server.

    Raises:
        ServerRefusal: The folder cannot be made or written to.
    """
    try:
        if not data_dir.exists():
            data_dir.mkdir(parents=True)
            data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as trouble:
        raise ServerRefusal(f"Không tạo được thư mục dữ liệu {data_dir}: {trouble.strerror}.") from trouble
    if not os.access(data_dir, os.W_OK | os.X_OK):
        raise ServerRefusal(
            f"Không ghi được vào thư mục dữ liệu {data_dir}. Hãy chạy bằng tài khoản sở hữu thư mục đó, "
            "hoặc chọn thư mục khác bằng --data-dir."
        )


def check_reachable(data_dir: Path, account: Account | None) -> None:
    """Refuse a data folder that the account of the server cannot enter; we never open anybody's folders for it.

    Raises:
        ServerRefusal: One of the folders above is closed to the account.
    """
    if account is None:
        return
    enter = ["/bin/sh", "-c", 'cd "$1"', "sh", str(data_dir)]
    if subprocess.run(enter, capture_output=True, check=False, cwd="/", **account.popen_options()).returncode != 0:
        raise ServerRefusal(
            f"Tài khoản {account.name} không vào được thư mục dữ liệu {data_dir}, mà PostgreSQL không chạy bằng root. "
            "Hãy chọn một thư mục mà mọi tài khoản đi qua được, ví dụ --data-dir /var/lib/lienthong."
        )


def major_version(cluster: Path) -> int | None:
    """Return the version that made this cluster, None when there is no cluster yet."""
    try:
        return int((cluster / "PG_VERSION").read_text(encoding="ascii").split(".")[0])
    except FileNotFoundError:
        return None
    except PermissionError as trouble:
        raise ServerRefusal(
            f"Không đọc được {cluster}: thư mục này thuộc tài khoản khác. Hãy chạy ./lienthong bằng tài khoản đó."
        ) from trouble


def create(cluster: Path, *, binaries: Binaries, account: Account | None, durable: bool) -> None:
    """Run ``initdb`` beside and rename, so that a killed ``initdb`` leaves nothing that looks like a cluster."""
    half_done = cluster.with_name(cluster.name + ".new")
    shutil.rmtree(half_done, ignore_errors=True)
    half_done.mkdir(mode=0o700)
    if account is not None:
        os.chown(half_done, account.uid, account.gid)
    command = [binaries.program("initdb"), "-D", str(half_done), "-U", place.USER, "--encoding=UTF8"]
    # Locale C would make pg_trgm drop every Vietnamese letter; ICU is not in every build.
    command += ["--locale=C.UTF-8", "--auth=trust"]
    if binaries.major >= 17:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if not durable:
        command += ["--no-sync"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=cluster.parent,
        env=environment(),
        **(account.popen_options() if account else {}),
    )
    if done.returncode != 0:
        raise ServerRefusal(f"Không khởi tạo được cơ sở dữ liệu ở {cluster}: {done.stderr.strip()}")
    half_done.rename(cluster)


def configure(cluster: Path, *, sockets: Path, account: Account | None, durable: bool) -> None:
    """Write our configuration; what an administrator sets by ALTER SYSTEM still wins over it."""
    settings = {
        "listen_addresses": "''",
        "port": str(place.PORT),
        "unix_socket_directories": f"'{sockets}'",
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "timezone": "'Asia/Ho_Chi_Minh'",
        "log_timezone": "'Asia/Ho_Chi_Minh'",
        "lc_messages": "'C'",
        # The log must hold no personal data: neither the statement that failed nor the key that was doubled.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_line_prefix": "'%m [%p] '",
        "jit": "off",
        "random_page_cost": "1.1",
        "wal_compression": "on",
        "max_wal_size": "'2GB'",
        "checkpoint_timeout": "'15min'",
        **_memory_settings(),
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    lines = ["# Written anew at every start of ./lienthong; make changes by ALTER SYSTEM SET.\n"]
    lines += [f"{name} = {value}\n" for name, value in settings.items()]
    access = "# The socket lies in a folder that only the server's account can enter.\nlocal all all trust\n"
    for name, text in {
        "postgresql.conf": "".join(lines),
        "pg_hba.conf": access + "local replication all trust\n",
    }.items():
        path = cluster / name
        path.write_text(text, encoding="utf-8")
        if account is not None:
            os.chown(path, account.uid, account.gid)


def make_socket_dir(sockets: Path, *, account: Account | None) -> None:
    """Make the folder of the socket and refuse one that somebody else has put in its place."""
    owner = account.uid if account else os.geteuid()
    try:
        sockets.mkdir(mode=0o700)
        os.chown(sockets, owner, account.gid if account else -1)
    except FileExistsError:
        found = sockets.lstat()
        if sockets.is_symlink() or found.st_uid != owner or found.st_mode & 0o077:
            raise ServerRefusal(
                f"Thư mục {sockets} không phải của tài khoản chạy PostgreSQL hoặc mở cho người khác. "
                "Hãy xóa nó rồi chạy lại."
            ) from None


def environment() -> dict[str, str]:
    """Return the few variables that PostgreSQL's programs get; ours (PG*, secrets) stay with us."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _memory_settings() -> dict[str, str]:
    """Return sizes from what the machine has: an eighth to share, half for the system's cache."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    shared = min(max(memory // 8, 64), 4096)
    settings = {
        "shared_buffers": f"'{shared}MB'",
        "effective_cache_size": f"'{max(memory // 2, 128)}MB'",
        "maintenance_work_mem": f"'{min(max(memory // 32, 64), 1024)}MB'",
        "work_mem": "'16MB'",
    }
    try:
        room = os.statvfs("/dev/shm")  # noqa: S108 -- only asked for its size
    except OSError:
        return settings
    # A container has 64 MB there, too little for a parallel query.
    if room.f_frsize * room.f_blocks < 256 * MEGABYTE:
        settings["dynamic_shared_memory_type"] = "mmap"
    return settings
