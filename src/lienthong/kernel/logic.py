"""Logic with three values: true, false and unknown (None). Unknown is not false.

An answer is unknown only while what is not known could still change it.
"""

from __future__ import annotations

Answer = bool | None


def all_of(*answers: Answer) -> Answer:
    """Say whether all hold; unknown only while none has failed.

    Examples:
        >>> all_of(True, None), all_of(False, None), all_of()
        (None, False, True)
    """
    if False in answers:
        return False
    return None if None in answers else True


def any_of(*answers: Answer) -> Answer:
    """Say whether at least one holds; unknown only while none holds for certain.

    Examples:
        >>> any_of(False, None), any_of(True, None), any_of()
        (None, True, False)
    """
    if True in answers:
        return True
    return None if None in answers else False


def negate(answer: Answer) -> Answer:
    """Turn yes and no around; unknown stays unknown."""
    return None if answer is None else not answer
