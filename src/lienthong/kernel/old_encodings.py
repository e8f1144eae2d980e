"""Vietnamese text as files of the 1990s and 2000s hold it: TCVN3 (fonts .VnTime) and VNI (fonts VNI-Times).

Both hide Vietnamese letters behind Western code points, so a file opens without an error and reads as "NguyÔn" or
"Nguyeãn". Nothing is decoded by itself: a caller asks whether a text looks like one of them and shows what it would become.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from lienthong.kernel.text import nfc

# A letter of Unicode followed by its TCVN3 code point. Capitals with a tone exist only in capital fonts, same code.
_TCVN3_TABLE = (
    "àµ ả¶ ã· á¸ ạ¹ ă¨ ằ» ẳ¼ ẵ½ ắ¾ ặÆ â© ầÇ ẩÈ ẫÉ ấÊ ậË đ® èÌ ẻÎ ẽÏ éÐ ẹÑ êª ềÒ ểÓ ễÔ ếÕ ệÖ ì× ỉØ ĩÜ íÝ ịÞ "
    "òß ỏá õâ óã ọä ô« ồå ổæ ỗç ốè ộé ơ¬ ờê ởë ỡì ớí ợî ùï ủñ ũò úó ụô ư\u00ad ừõ ửö ữ÷ ứø ựù ỳú ỷû ỹü ýý ỵþ "
    "Ă¡ Â¢ Ê£ Ô¤ Ơ¥ Ư¦ Đ§"
)
_TCVN3 = {pair[1]: pair[0] for pair in _TCVN3_TABLE.split(" ")}

# A letter of Unicode followed by its one or two VNI code points, small letters only.
_VNI_TABLE = (
    "àaø áaù ảaû ãaõ ạaï âaâ ầaà ấaá ẩaå ẫaã ậaä ăaê ằaè ắaé ẳaú ẵaü ặaë èeø éeù ẻeû ẽeõ ẹeï êeâ ềeà ếeá ểeå ễeã ệeä "
    "ìì íí ỉæ ĩó ịò òoø óoù ỏoû õoõ ọoï ôoâ ồoà ốoá ổoå ỗoã ộoä ơô ờôø ớôù ởôû ỡôõ ợôï ùuø úuù ủuû ũuõ ụuï "
    "ưö ừöø ứöù ửöû ữöõ ựöï ỳyø ýyù ỷyû ỹyõ ỵî đñ"
)
_VNI = {pair[1:]: pair[0] for pair in _VNI_TABLE.split(" ")}
_VNI_CODES = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)), re.IGNORECASE)

_ASCII_SMALL = re.compile(r"[a-z]")
_WORD = re.compile("[A-Za-z\u00a1-\u024f\u1e00-\u1eff]+")

_TONES = set("\u0300\u0301\u0309\u0303\u0323")
_STOP_TONES = set("\u0301\u0323")
_INITIAL_TABLE = "ngh ng nh ch gh gi kh ph qu th tr b c d đ g h k l m n p r s t v x"
_RIME_TABLE = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê êch "
    "êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu o oa oac oach oai oam oan oang oanh oao "
    "oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong ooc op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn "
    "ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uynh "
    "uyt uyu uơ ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y ych yêm yên yêng yêt yêu ynh yt"
)
_INITIALS, _RIMES = _INITIAL_TABLE.split(), frozenset(_RIME_TABLE.split())


def decode_tcvn3(text: str | bytes) -> str:
    """Read TCVN3 text.

    Args:
        text: Bytes of the file, or a string in which each byte became the Western letter of its code point. Letters
            of fonts for capitals (.VnTimeH) are recognised by the capitals around them.

    Examples:
        >>> decode_tcvn3("NguyÔn V¨n §¹t"), decode_tcvn3("NGUYÔN V¡N §¹T")
        ('Nguyễn Văn Đạt', 'NGUYỄN VĂN ĐẠT')
    """
    western = _as_western(text)
    decoded = "".join(_TCVN3.get(character, character) for character in western)
    # Small letters alone would be lost on "Lª": only a pair of capitals tells a capital font.
    in_capitals = not _ASCII_SMALL.search(western) and any(
        len(re.sub(r"[^A-Z]", "", word)) >= 2 for word in _WORD.findall(western)
    )
    return nfc(decoded.upper() if in_capitals else decoded)


def decode_vni(text: str | bytes) -> str:
    """Read VNI text.

    Args:
        text: Bytes of the file, or a string in which each byte became the Western letter of its code point.

    Examples:
        >>> decode_vni("Nguyeãn Vaên Ñaït"), decode_vni("NGUYEÃN THÒ HÖÔNG")
        ('Nguyễn Văn Đạt', 'NGUYỄN THỊ HƯƠNG')
    """

    def letter(code: re.Match[str]) -> str:
        decoded = _VNI[code[0].lower()]
        return decoded.upper() if code[0][0].isupper() else decoded

    return nfc(_VNI_CODES.sub(letter, _as_western(text)))


def looks_like_tcvn3(text: str | bytes) -> bool:
    """Say whether a text reads as Vietnamese only after decoding it as TCVN3."""
    return _is_repaired_by(decode_tcvn3, text)


def looks_like_vni(text: str | bytes) -> bool:
    """Say whether a text reads as Vietnamese only after decoding it as VNI."""
    return _is_repaired_by(decode_vni, text)


def _as_western(text: str | bytes) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode("cp1252")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _is_repaired_by(decode: Callable[[str | bytes], str], text: str | bytes) -> bool:
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            text = _as_western(text)
    # Letters beyond Latin-1 exist in neither encoding; the text is Unicode already.
    if any(character.isalpha() and ord(character) > 0xFF for character in text):
        return False
    doubtful = [word for word in _WORD.findall(text) if not word.isascii() and not is_vietnamese_syllable(word)]
    repaired = sum(is_vietnamese_syllable(decode(word)) for word in doubtful)
    return repaired > len(doubtful) - repaired


@lru_cache(maxsize=65536)
def is_vietnamese_syllable(word: str) -> bool:
    """Say whether a word has the shape of a Vietnamese syllable: initial, rime, and a tone the rime allows."""
    marks = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in marks if mark in _TONES]
    plain = nfc("".join(mark for mark in marks if mark not in _TONES))
    if len(tones) > 1:
        return False
    for initial in ("", *_INITIALS):
        rime = plain.removeprefix(initial)
        if (initial == "" or len(rime) < len(plain)) and rime in _RIMES:
            return not rime.endswith(("c", "ch", "p", "t")) or (bool(tones) and set(tones) <= _STOP_TONES)
    return plain == "gi"
