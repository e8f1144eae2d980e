"""Text as fonts of the 1990s held it: the way back from what ``kernel.old_encodings`` reads."""

from functools import cache

from lienthong.kernel.old_encodings import decode_tcvn3, decode_vni

_WESTERN = [chr(code) for code in range(0xA1, 0x100)]
_VNI_BASES = "aeouyôöAEOUYÔÖ"


def to_tcvn3(text: str) -> str:
    """Write composed Vietnamese text in TCVN3; capitals with a tone take the code of the small letter, as fonts had it.

    Examples:
        >>> to_tcvn3("Nguyễn Văn Đạt"), to_tcvn3("NGUYỄN")
        ('NguyÔn V¨n §¹t', 'NGUYÔN')
    """
    codes = _tcvn3()
    return "".join(codes.get(letter) or codes.get(letter.lower(), letter) for letter in text)


def to_vni(text: str) -> str:
    """Write composed Vietnamese text in VNI.

    Examples:
        >>> to_vni("Nguyễn Văn Đạt")
        'Nguyeãn Vaên Ñaït'
    """
    codes = _vni()
    return "".join(codes.get(letter, letter) for letter in text)


@cache
def _tcvn3() -> dict[str, str]:
    return {decode_tcvn3(code): code for code in _WESTERN if decode_tcvn3(code) != code}


@cache
def _vni() -> dict[str, str]:
    codes = [*_WESTERN, *(base + mark for base in _VNI_BASES for mark in _WESTERN)]
    read = {code: decode_vni(code) for code in codes if code in {code.lower(), code.upper()}}
    return {letter: code for code, letter in read.items() if len(letter) == 1 and not letter.isascii()}
