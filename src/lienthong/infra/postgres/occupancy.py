"""One data folder, one house: the lock that keeps a second ``up`` away and tells how the last one ended."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from lienthong.infra.postgres import cluster
from lienthong.infra.postgres.refusals import ServerRefusal


class DataDirInUse(ServerRefusal):
    """Another process of ours works on this data folder."""


class Occupancy:
    """The right to run on a data folder, held until released or until this process dies.

    Args:
        data_dir: The folder.
        command: What holds it, for the sentence that the next one gets.
    """

    def __init__(self, data_dir: Path, *, command: str) -> None:
        self.path = data_dir / "lock"
        self.command = command
        self.interrupted = False
        self._file: int | None = None

    def __enter__(self) -> Self:
        cluster.make_data_dir(self.path.parent)
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._file, 200).decode("utf-8", "replace").strip()
            os.close(self._file)
            raise DataDirInUse(
                f"Thư mục dữ liệu {self.path.parent} đang được dùng ({holder or 'chưa rõ bởi lệnh nào'}). "
                "Hãy dừng lệnh đó, hoặc chọn thư mục khác bằng --data-dir."
            ) from None
        os.register_at_fork(after_in_child=self._forget)
        self.interrupted = bool(os.read(self._file, 1))
        self._write(f"./lienthong {self.command}, tiến trình {os.getpid()}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave an empty file: whoever finds a name in an unlocked one knows that its holder was killed."""
        assert self._file is not None
        self._write("")
        self._forget()

    def _forget(self) -> None:
        """Close the file; in a forked child without a word, so that the lock dies with us and not with the child."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _write(self, text: str) -> None:
        assert self._file is not None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text.encode(), 0)
