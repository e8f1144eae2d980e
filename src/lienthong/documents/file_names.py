"""The name a file may keep: what people called it, without path, control characters and excess."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from lienthong.documents.inspection.kinds import Kind
from lienthong.kernel.text import nfc

MAX_LENGTH = 255
_LONGEST_ENDING = 12
_DIRECTION_AND_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2028\u2029\u2060\ufeff"))
_DIRECTION_AND_INVISIBLE |= dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def clean_name(raw: str) -> str:
    """Give the last part of a path in composed form, on one line, of at most 255 characters.

    Characters that cannot be seen or that turn the reading direction are left out: "giay\u202efdp.exe" must not look
    like a PDF. Nothing left means the name "tệp".

    Examples:
        >>> clean_name("C:\\\\Users\\\\An\\\\Giấy  khai sinh.pdf")
        'Giấy khai sinh.pdf'
    """
    bare = nfc(raw).translate(_DIRECTION_AND_INVISIBLE).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(" " if unicodedata.category(letter) in {"Cc", "Cs"} else letter for letter in bare)
    name = " ".join(visible.split()).strip(". ")
    return shortened(name) or _("tệp")


def named_as(kind: Kind, name: str) -> str:
    """Give the name with an ending that its content keeps: "ảnh.jpg" that is a PNG becomes "ảnh.jpg.png"."""
    if name.lower().endswith(kind.endings):
        return name
    return shortened(name + kind.endings[0])


def shortened(name: str) -> str:
    """Cut a long name in the middle, so that its ending stays."""
    if len(name) <= MAX_LENGTH:
        return name
    ending = PurePosixPath(name).suffix
    ending = ending if len(ending) <= _LONGEST_ENDING else ""
    return name[: MAX_LENGTH - len(ending) - 1].rstrip() + "…" + ending
