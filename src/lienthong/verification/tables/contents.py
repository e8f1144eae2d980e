"""What a column holds, told from its cells: numbers of people, dates, sexes, names. Đoán cột theo nội dung."""

from __future__ import annotations

import polars as pl

from lienthong.kernel.text import fold

SAMPLE_ROWS = 3_000
_PATTERNS = {
    "number": r"^\s*'?\d[\d .]{7,14}\d(\.0)?\s*$",
    "birth_date": (
        r"^\s*(\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{2,4}|(19|20)\d{2}[/.\-]\d{1,2}[/.\-]\d{1,2}.*|(19|20)\d{2}(0\d|1[0-2])[0-3]\d"
        r"|\d{1,2}[/.\-](19|20)\d{2}|(19|20)\d{2})\s*$"
    ),
    "commune_code": r"^\s*\d{5}\b|^\s*(xã|phường|thị trấn|Xã|Phường|Thị trấn|XÃ|PHƯỜNG)\s",
    "village": r"(?i)^\s*(thôn|xóm|tổ|tổ dân phố|tdp|bản|ấp|khu|khối)\s",
    "sex": r"(?i)^\s*(nam|nữ|nu|male|female|m|f)\s*$",
}
_TWELVE = r"^\s*'?\d{12}\s*$"
_NINE = r"^\s*'?\d{9}\s*$"
_NAME = r"^\s*[^\W\d_]+(\s+[^\W\d_]+){1,5}\s*$"
_SURNAME_TABLE = (
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly nong ma trieu luong dinh trinh doan dao lo vi "
    "luc mong be hua chu quach truong mai cao lam ta ha luu to thai ban giang vang sung thao mua hau lu tong dam kim vuong "
    "nghiem la mac phung ninh tieu ung than chau khuc quan dich lieu"
)
_PEOPLE_TABLE = (
    "kinh tay thai muong khmer mong hmong nung hoa dao gia rai e de ba na xo dang san chay san diu co ho cham ra glai mnong "
    "xtieng tho bru van kieu kho mu co tu giay gie trieng ta oi ma co cho ro xinh mun ha nhi chu ru lao khang la chi phu la "
    "la hu la ha pa then lu ngai chut lo lo mang co lao bo y cong si la pu peo ro mam o du brau"
)
_SURNAMES, _PEOPLES = frozenset(_SURNAME_TABLE.split()), frozenset(_PEOPLE_TABLE.split())


def shares(cells: pl.Series) -> dict[str, float]:
    """Return, for each of our columns, which share of the filled cells could be it."""
    filled = cells.drop_nulls().head(SAMPLE_ROWS)
    if not len(filled):
        return {}
    found = {field: _share(filled, pattern) for field, pattern in _PATTERNS.items()}
    found["twelve_digits"], found["nine_digits"] = _share(filled, _TWELVE), _share(filled, _NINE)
    found["full_name"] = _names(filled)
    found["ethnicity"] = _peoples(filled)
    found["is_head"] = _share(filled, r"(?i)^\s*(true|false)\s*$")
    found["filled"] = len(filled) / max(min(len(cells), SAMPLE_ROWS), 1)
    found["distinct"] = filled.n_unique() / len(filled)
    return found


def _share(filled: pl.Series, pattern: str) -> float:
    return int(filled.str.contains(pattern).sum()) / len(filled)


def _names(filled: pl.Series) -> float:
    like = filled.filter(filled.str.contains(_NAME))
    if not len(like):
        return 0.0
    surnames = [fold(name).split()[0] in _SURNAMES for name in like.head(500)]
    return len(like) / len(filled) * sum(surnames) / len(surnames)


def _peoples(filled: pl.Series) -> float:
    words = [fold(cell).replace("-", " ").replace("'", "") for cell in filled.head(500)]
    return sum(bool(word) and all(part in _PEOPLES for part in word.split()) for word in words) / len(words)
