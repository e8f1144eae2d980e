"""Whether the holder that a bank tells is the person whose account it is said to be. Pure."""

from __future__ import annotations

import re

from lienthong.kernel.text import fold, nfc, old_tone_placement
from lienthong.payments.states import NameCheck
from lienthong.people.name_matching import Nearness, TypedName

_NOT_A_LETTER = re.compile(r"[^\w\s]|_")
_A_LITTLE_OFF = frozenset({Nearness.OTHER_ORDER, Nearness.ONE_LETTER_OFF})
_LEAST_WORDS = 2


def check_holder(holder_name: str, full_name: str) -> NameCheck:
    """Compare the name of an account's holder with the name of a person.

    Đối chiếu tên chủ tài khoản. Banks write names in capitals without marks: such a name is the same as the one that it
    is without its marks. A name with marks that are others is only similar.

    Args:
        holder_name: As the bank tells it, or as somebody copied it.
        full_name: The person's name on record.

    Examples:
        >>> check_holder("NGUYEN THI DAO", "Nguyễn Thị Đào").value, check_holder("Nguyễn Thị Đạo", "Nguyễn Thị Đào").value
        ('same', 'similar')
        >>> check_holder("TRAN VAN TEO", "Nguyễn Thị Đào").value, check_holder("", "Nguyễn Thị Đào").value
        ('different', 'unknown')
    """
    holder, person = _plain(holder_name), _plain(full_name)
    if not holder or not person:
        return NameCheck.UNKNOWN
    if old_tone_placement(holder) == old_tone_placement(person):
        return NameCheck.SAME
    folded_holder, folded_person = fold(holder), fold(person)
    if folded_holder == folded_person:
        return NameCheck.SAME if holder == folded_holder else NameCheck.SIMILAR
    return NameCheck.SIMILAR if _is_a_little_off(folded_holder, folded_person) else NameCheck.DIFFERENT


def _plain(name: str) -> str:
    return " ".join(_NOT_A_LETTER.sub(" ", nfc(name).lower()).split())


def _is_a_little_off(holder: str, person: str) -> bool:
    """Tell whether two folded names differ by one letter, by the order of their words, or by one word."""
    shorter, longer = sorted((holder.split(), person.split()), key=len)
    if len(shorter) < _LEAST_WORDS or len(longer) - len(shorter) > 1:
        return False
    if len(longer) > len(shorter):
        return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))
    return TypedName(holder).nearness(name_key=person, full_name=person) in _A_LITTLE_OFF
