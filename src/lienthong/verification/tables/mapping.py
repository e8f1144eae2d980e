"""Which column of a file is which of ours, and the small file that says so. Ánh xạ cột.

A mapping file is YAML or JSON, one line for each of our columns that the file has::

    full_name: Họ và tên
    number: {first_of: [Số CCCD, Số CMND]}      # the second where the first is empty
    birth_date: [Ngày, Tháng, Năm]              # joined
    sex: {male: Nam, female: Nữ}                # two columns, one of them marked (or holding the year of birth)
    village: null                               # known to be absent: no guess is made

The name of a column may be written without diacritics or as Excel's letter. Columns that are not named are guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lienthong.verification.tables.labels import column_letters, key_of_label
from lienthong.verification.tables.refusals import MappingRefused, reason_of
from lienthong.verification.tables.vocabulary import WORDS, TableKind

_MOST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Joined:
    """Several columns that make one value: day, month and year, or surname and given name."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirstOf:
    """Several columns, of which the first that is filled counts."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BySex:
    """A column for men and one for women; the one that is filled says the sex."""

    male: str
    female: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Both."""
        return (self.male, self.female)


Source = str | Joined | FirstOf | BySex


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Our columns, each with where it is in the file. Ánh xạ cột.

    Attributes:
        columns: None for a column of ours that is known to be absent.
    """

    kind: TableKind
    columns: Mapping[str, Source | None]

    def heads(self) -> Iterator[str]:
        """Give every column of the file that is used."""
        for source in self.columns.values():
            yield from columns_of(source)

    def as_plain_data(self) -> dict[str, Any]:
        """Return what JSON can hold; ``from_plain_data`` reads it back."""
        return {name: _plain(source) for name, source in self.columns.items()}

    @classmethod
    def from_plain_data(cls, plain: Any, *, kind: TableKind, heads: Sequence[str]) -> ColumnMapping:
        """Read a mapping and find its columns in a file.

        Args:
            plain: What ``as_plain_data`` gave, or a mapping file held.
            kind: What the file is for.
            heads: The columns that the file has.

        Raises:
            MappingRefused: It names what does not exist, or one column for two of ours.
        """
        if not isinstance(plain, Mapping) or not plain:
            raise MappingRefused(
                "Tệp ánh xạ phải gồm các dòng “cột của hệ thống: cột trong tệp”, ví dụ full_name: Họ và tên."
            )
        if isinstance(plain.get(kind.value), Mapping):
            plain = plain[kind.value]
        if _is_reversed(plain, kind, heads):
            plain = {field: head for head, field in plain.items()}
        columns: dict[str, Source | None] = {}
        for name, value in plain.items():
            field = field_named(str(name), kind)
            if field is None:
                raise MappingRefused(f"Ánh xạ: không có cột “{name}” của hệ thống. Các cột: {', '.join(WORDS[kind])}.")
            if field in columns:
                raise MappingRefused(f"Ánh xạ: cột “{field}” được nêu hai lần. Hãy bỏ một dòng.")
            columns[field] = _source(value, field, heads)
        _refuse_shared(columns)
        return cls(kind, columns)


def columns_of(source: Source | None) -> tuple[str, ...]:
    """Return the columns of the file that a source reads."""
    if source is None:
        return ()
    return (source,) if isinstance(source, str) else source.columns


def field_named(name: str, kind: TableKind) -> str | None:
    """Return our column by its name, by the generator's, or by what offices call it."""
    key = key_of_label(name)
    return next(
        (field for field, words in WORDS[kind].items() if key == key_of_label(field) or key in words), None
    )  # fmt: skip


def read_mapping_file(path: Path) -> dict[str, Any]:
    """Read a mapping file as plain data; which columns it means is settled with the file at hand.

    Raises:
        MappingRefused: It is missing, too large, or neither YAML nor JSON.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise MappingRefused(f"Tệp ánh xạ “{path.name}” quá lớn; có nhầm với tệp danh sách không?")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as missing:
        raise MappingRefused(
            f"Không mở được tệp ánh xạ “{path}” ({reason_of(missing)}). Hãy kiểm tra đường dẫn."
        ) from missing
    except UnicodeDecodeError as unreadable:
        raise MappingRefused(f"Tệp ánh xạ “{path.name}” phải là văn bản UTF-8 (YAML hoặc JSON).") from unreadable
    try:
        plain = json.loads(text) if text.lstrip().startswith("{") else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError) as unreadable:
        raise MappingRefused(
            f"Tệp ánh xạ “{path.name}” không đọc được theo YAML hay JSON ({str(unreadable).splitlines()[0]}). "
            "Mỗi dòng viết: tên cột của hệ thống: tên cột trong tệp."
        ) from unreadable
    if not isinstance(plain, dict):
        raise MappingRefused(
            f"Tệp ánh xạ “{path.name}” phải gồm các dòng “cột của hệ thống: cột trong tệp”, ví dụ full_name: Họ và tên."
        )
    return plain


def _is_reversed(plain: Mapping[Any, Any], kind: TableKind, heads: Sequence[str]) -> bool:
    """Say whether somebody wrote "column in the file: our column"."""
    if not all(isinstance(value, str) and field_named(value, kind) for value in plain.values()):
        return False
    keys = {key_of_label(head) for head in heads}
    if not all(key_of_label(str(name)) in keys for name in plain):
        return False
    return not all(key_of_label(value) in keys for value in plain.values())


def _source(value: Any, field: str, heads: Sequence[str]) -> Source | None:
    if value is None or value == "":
        return None
    if isinstance(value, str | int) and not isinstance(value, bool):
        return _head(str(value), field, heads)
    if isinstance(value, list) and value:
        return Joined(tuple(_head(str(one), field, heads) for one in value))
    if isinstance(value, Mapping):
        if set(value) == {"male", "female"}:
            return BySex(_head(str(value["male"]), field, heads), _head(str(value["female"]), field, heads))
        for word, kind in (("first_of", FirstOf), ("join", Joined)):
            if set(value) == {word} and isinstance(value[word], list) and value[word]:
                return kind(tuple(_head(str(one), field, heads) for one in value[word]))
    raise MappingRefused(
        f"Ánh xạ cột “{field}”: viết tên một cột, hoặc [cột, cột] để ghép, {{first_of: [cột, cột]}} để lấy cột đầu tiên "
        "có giá trị, {male: cột, female: cột} khi nam và nữ ở hai cột."
    )


def _head(name: str, field: str, heads: Sequence[str]) -> str:
    if name in heads:
        return name
    found = [head for head in heads if key_of_label(head) == key_of_label(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise MappingRefused(f"Ánh xạ cột “{field}”: trong tệp có nhiều cột “{name}”. Hãy viết đủ: {', '.join(found)}.")
    letters = [column_letters(place) for place in range(len(heads))]
    if name.upper() in letters:
        return heads[letters.index(name.upper())]
    raise MappingRefused(f"Ánh xạ cột “{field}”: tệp không có cột “{name}”. Các cột của tệp: {', '.join(heads)}.")


def _refuse_shared(columns: Mapping[str, Source | None]) -> None:
    owners: dict[str, str] = {}
    for field, source in columns.items():
        for head in columns_of(source):
            other = owners.setdefault(head, field)
            # The year in the column for men says the birth and the sex.
            if other != field and {other, field} != {"birth_date", "sex"}:
                raise MappingRefused(f"Ánh xạ: cột “{head}” được dùng cho cả “{other}” và “{field}”. Hãy bỏ một dòng.")


def _plain(source: Source | None) -> Any:
    if isinstance(source, Joined):
        return {"join": list(source.columns)}
    if isinstance(source, FirstOf):
        return {"first_of": list(source.columns)}
    if isinstance(source, BySex):
        return {"male": source.male, "female": source.female}
    return source
