"""Two texts side by side, with the words that differ marked in each."""

from __future__ import annotations

from difflib import SequenceMatcher

from django.utils.html import escape
from django.utils.safestring import SafeString

_LONGEST_COMPARED = 4000


def marked(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Return both texts as HTML, each with what the other does not have in ``mark``."""
    if not before or not after or len(before) + len(after) > _LONGEST_COMPARED:
        return _whole(before), _whole(after)
    old, new = before.split(" "), after.split(" ")
    left, right = [], []
    for kind, from_old, to_old, from_new, to_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left.append(_words(old[from_old:to_old], marks=kind != "equal"))
        right.append(_words(new[from_new:to_new], marks=kind != "equal"))
    return SafeString(" ".join(filter(None, left))), SafeString(" ".join(filter(None, right)))


def _words(words: list[str], *, marks: bool) -> str:
    text = escape(" ".join(words))
    return f"<mark>{text}</mark>" if marks and words else text


def _whole(text: str) -> SafeString:
    return SafeString(f"<mark>{escape(text)}</mark>") if text else SafeString("–")
