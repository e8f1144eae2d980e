"""An uploaded file as a path, for readers that want one; it is gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


@contextmanager
def as_path(upload: Any) -> Iterator[Path]:
    """Lay an upload down under a name of ours, so that the sender's name is never made into a path."""
    with TemporaryDirectory(prefix="lienthong-") as folder:
        path = Path(folder) / "tep"
        with path.open("wb") as file:
            for piece in upload.chunks():
                file.write(piece)
        yield path
