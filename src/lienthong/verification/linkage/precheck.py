"""What is wrong with a register with no database at all: to be mended before anything is sent.

The number of 12 digits says sex and year of birth. Against what is typed beside it, that alone finds almost every
number that is somebody else's.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import polars as pl

from lienthong.kernel.identity import birth_provinces
from lienthong.kernel.old_encodings import looks_like_tcvn3, looks_like_vni
from lienthong.verification.linkage.dates import FIRST_OF_JANUARY, read_birth_dates
from lienthong.verification.linkage.few_values import FEMALE, read_sexes
from lienthong.verification.linkage.hashing import combine, distinct
from lienthong.verification.linkage.numbers import read_numbers
from lienthong.verification.linkage.vocabulary import Field

_OLDEST_AGE = 115


class Finding(StrEnum):
    """What a look at the register alone can find. Lỗi thấy được trước khi gửi."""

    NUMBER_MISSING = "number_missing"
    NUMBER_OLD = "number_old"
    NUMBER_ZERO_LOST = "number_zero_lost"
    NUMBER_SHORTENED = "number_shortened"
    NUMBER_WRONG_LENGTH = "number_wrong_length"
    NUMBER_MADE_UP = "number_made_up"
    NUMBER_UNKNOWN_PROVINCE = "number_unknown_province"
    NUMBER_OTHER_SEX = "number_other_sex"
    NUMBER_OTHER_YEAR = "number_other_year"
    NUMBER_TWICE = "number_twice"
    PERSON_TWICE = "person_twice"
    NAME_MISSING = "name_missing"
    NAME_ONE_WORD = "name_one_word"
    NAME_HAS_DIGITS = "name_has_digits"
    NAME_OLD_ENCODING = "name_old_encoding"
    BIRTH_MISSING = "birth_missing"
    BIRTH_UNREADABLE = "birth_unreadable"
    BIRTH_YEAR_ONLY = "birth_year_only"
    BIRTH_FIRST_OF_JANUARY = "birth_first_of_january"
    BIRTH_UNLIKELY = "birth_unlikely"
    SEX_MISSING = "sex_missing"
    ETHNICITY_MISSING = "ethnicity_missing"
    COMMUNE_MISSING = "commune_missing"


Flags = npt.NDArray[np.bool_]
# finding, field, rows, what to tell the officer
Found = tuple[Finding, Field, Flags, str]


def precheck(frame: pl.DataFrame, *, this_year: int) -> pl.DataFrame:
    """Find what is wrong with the rows of a register by themselves. Kiểm tra trước khi gửi.

    Args:
        frame: Columns record_id, number, full_name, birth_date, sex, ethnicity, commune_code; missing ones count as empty.
        this_year: The year in which somebody asks, for ages that cannot be.

    Returns:
        One row per finding: ``record_id``, ``finding``, ``field``, ``message``; in the order of rows.
    """
    wanted = ("number", "full_name", "birth_date", "sex", "ethnicity", "commune_code")
    frame = frame.with_columns(
        pl.col(name).cast(pl.String).str.strip_chars().fill_null("")
        if name in frame.columns
        else pl.lit("").alias(name)
        for name in wanted
    )
    parts = []
    for finding, field, rows, message in (*_numbers(frame, this_year), *_names(frame), *_others(frame, this_year)):
        places = np.flatnonzero(rows)
        if len(places):
            parts.append(
                pl.DataFrame(
                    {"row": places, "record_id": frame["record_id"].cast(pl.String).gather(places)}
                ).with_columns(
                    pl.lit(finding.value).alias("finding"),
                    pl.lit(field.value).alias("field"),
                    pl.lit(message).alias("message"),
                )
            )
    empty = pl.DataFrame(schema=dict.fromkeys(("record_id", "finding", "field", "message"), pl.String))
    return pl.concat(parts).sort("row", maintain_order=True).drop("row") if parts else empty


def _numbers(frame: pl.DataFrame, this_year: int) -> Iterator[Found]:
    typed = frame["number"]
    read = read_numbers(typed)
    digits = typed.str.replace_all(r"[^0-9]", "").str.len_chars().to_numpy()
    new, scientific = read.number >= 0, typed.str.contains(r"\d[eE]\+?\d").to_numpy()
    nothing = read.is_given & ~new & (read.old_number < 0) & ~read.is_odd
    yield (
        Finding.NUMBER_MISSING,
        Field.NUMBER,
        ~read.is_given,
        "Chưa có số định danh. Xin số ở thẻ căn cước hoặc Công an xã.",
    )
    yield (
        Finding.NUMBER_OLD, Field.NUMBER, read.old_number >= 0,
        "Đây là số chứng minh nhân dân 9 số. Đọc số 12 chữ số trong mã QR của thẻ hoặc VNeID.",
    )  # fmt: skip
    yield (
        Finding.NUMBER_ZERO_LOST, Field.NUMBER, new & (digits < 12) & ~scientific,
        "Số thiếu chữ số 0 ở đầu, thường do Excel. Đã đọc thêm số 0; hãy sửa trong sổ.",
    )  # fmt: skip
    yield (
        Finding.NUMBER_SHORTENED, Field.NUMBER, scientific & ~new,
        "Excel đã rút gọn số, các chữ số cuối đã mất. Định dạng cột là văn bản rồi nhập lại.",
    )  # fmt: skip
    yield (
        Finding.NUMBER_WRONG_LENGTH, Field.NUMBER, read.is_odd & ~scientific,
        "Số định danh cần 12 chữ số. Kiểm tra chữ số thừa hoặc thiếu.",
    )  # fmt: skip
    yield Finding.NUMBER_MADE_UP, Field.NUMBER, nothing & ~scientific, "Số giống số điền tạm, không phải số thật."
    provinces = np.array(sorted(map(int, birth_provinces())))
    yield (
        Finding.NUMBER_UNKNOWN_PROVINCE, Field.NUMBER, new & ~np.isin(read.number // 10**9, provinces),
        "Ba chữ số đầu không phải mã tỉnh nơi đăng ký khai sinh.",
    )  # fmt: skip
    marker, short_year = read.number // 10**8 % 10, read.number // 10**6 % 100
    sex = read_sexes(frame["sex"])
    other_sex = new & (sex >= 0) & ((marker % 2 == FEMALE) != (sex == FEMALE))
    yield (
        Finding.NUMBER_OTHER_SEX, Field.NUMBER, other_sex,
        "Chữ số thứ tư của số định danh chỉ giới tính khác. Có thể là số của người khác.",
    )  # fmt: skip
    birth = read_birth_dates(frame["birth_date"], newest_year=this_year)
    year = 1900 + marker // 2 * 100 + short_year
    differs = np.where(birth.is_year_short, year % 100 != birth.year % 100, year != birth.year)
    yield (
        Finding.NUMBER_OTHER_YEAR, Field.NUMBER, new & (birth.year >= 0) & differs,
        "Năm sinh trong số định danh khác năm sinh trong sổ. Có thể là số của người khác.",
    )  # fmt: skip
    yield Finding.NUMBER_TWICE, Field.NUMBER, _occurs_twice(read.number, new), "Số này có ở hai dòng trở lên."


def _names(frame: pl.DataFrame) -> Iterator[Found]:
    names = frame["full_name"]
    given = (names != "").to_numpy()
    yield Finding.NAME_MISSING, Field.NAME, ~given, "Chưa có họ tên."
    yield (
        Finding.NAME_ONE_WORD, Field.NAME, given & ~names.str.contains(r"\S\s+\S").to_numpy(),
        "Họ tên chỉ có một chữ. Ghi đủ họ, tên đệm và tên.",
    )  # fmt: skip
    yield Finding.NAME_HAS_DIGITS, Field.NAME, names.str.contains(r"\d").to_numpy(), "Họ tên có chữ số."
    codes, texts = distinct(names)
    old = [not text.isascii() and (looks_like_tcvn3(text) or looks_like_vni(text)) for text in texts.to_list()]
    yield (
        Finding.NAME_OLD_ENCODING, Field.NAME, np.array(old, np.bool_)[codes],
        "Họ tên gõ bằng bảng mã cũ (TCVN3 hoặc VNI). Máy đọc được, nhưng hãy chuyển sang Unicode.",
    )  # fmt: skip


def _others(frame: pl.DataFrame, this_year: int) -> Iterator[Found]:
    birth = read_birth_dates(frame["birth_date"], newest_year=this_year)
    given = (frame["birth_date"] != "").to_numpy()
    known = birth.year >= 0
    yield Finding.BIRTH_MISSING, Field.BIRTH, ~given, "Chưa có ngày sinh."
    yield (
        Finding.BIRTH_UNREADABLE,
        Field.BIRTH,
        given & ~known,
        "Không đọc được ngày sinh. Ghi ngày/tháng/năm, ví dụ 05/09/1954.",
    )
    yield Finding.BIRTH_YEAR_ONLY, Field.BIRTH, known & (birth.month_day == 0), "Ngày sinh chỉ có năm."
    yield (
        Finding.BIRTH_FIRST_OF_JANUARY, Field.BIRTH, known & (birth.month_day == FIRST_OF_JANUARY),
        "Ngày sinh là 01/01, thường là ngày điền tạm. Hỏi lại ngày thật.",
    )  # fmt: skip
    unlikely = known & ((birth.year > this_year) | (birth.year < this_year - _OLDEST_AGE))
    yield Finding.BIRTH_UNLIKELY, Field.BIRTH, unlikely, "Năm sinh ở tương lai hoặc quá xa. Kiểm tra lại."
    person = combine(distinct(frame["full_name"].str.to_lowercase()).codes, birth.year * 10000 + birth.month_day,
                     distinct(frame["commune_code"]).codes).view(np.int64)  # fmt: skip
    whole = known & (birth.month_day > 0) & (frame["full_name"] != "").to_numpy()
    yield (
        Finding.PERSON_TWICE,
        Field.NAME,
        _occurs_twice(person, whole),
        "Họ tên, ngày sinh và xã này có ở hai dòng trở lên.",
    )
    yield Finding.SEX_MISSING, Field.SEX, read_sexes(frame["sex"]) < 0, "Chưa có giới tính (Nam hoặc Nữ)."
    yield Finding.ETHNICITY_MISSING, Field.ETHNICITY, (frame["ethnicity"] == "").to_numpy(), "Chưa có dân tộc."
    yield Finding.COMMUNE_MISSING, Field.COMMUNE, (frame["commune_code"] == "").to_numpy(), "Chưa có xã, phường."


def _occurs_twice(values: npt.NDArray[np.int64], among: Flags) -> Flags:
    rows = np.flatnonzero(among)
    twice = np.zeros(len(values), np.bool_)
    _, places, counts = np.unique(values[rows], return_inverse=True, return_counts=True)
    twice[rows] = counts[places] > 1
    return twice
