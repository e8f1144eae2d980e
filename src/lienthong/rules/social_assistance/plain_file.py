"""A file of facts, YAML or JSON, as plain values; whatever could be a trick is refused before anything is unfolded."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import yaml

LARGEST_FILE: Final = 1_000_000
_MOST_EVENTS: Final = 20_000
_DEEPEST: Final = 12
_BOOLEAN: Final = "tag:yaml.org,2002:bool"
_INTEGER: Final = "tag:yaml.org,2002:int"
_NULL: Final = "tag:yaml.org,2002:null"


class FileRefused(ValueError):
    """The file holds no facts; the sentence says where, what is wrong and what to do."""


class _PlainLoader(yaml.CSafeLoader):
    """Reads words, whole numbers, true, false and nothing; dates stay words, so that an impossible one can be named."""


def _mapping(loader: _PlainLoader, node: yaml.MappingNode) -> dict[str, Any]:
    seen: set[str] = set()
    for key_node, _ in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise FileRefused(f"Dòng {line}: tên mục phải là một từ.")
        if key_node.value in seen:
            raise FileRefused(f"Dòng {line}: mục {key_node.value[:60]} ghi hai lần. Hãy bỏ một.")
        seen.add(key_node.value)
    return {key.value: loader.construct_object(value, deep=True) for key, value in node.value}


_PlainLoader.yaml_implicit_resolvers = {}
_PlainLoader.add_implicit_resolver(_BOOLEAN, re.compile(r"(true|false)\Z"), ["t", "f"])
_PlainLoader.add_implicit_resolver(_INTEGER, re.compile(r"-?(0|[1-9][0-9]{0,40})\Z"), list("-0123456789"))
_PlainLoader.add_implicit_resolver(_NULL, re.compile(r"(~|null|)\Z"), ["~", "n", ""])
_PlainLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_plain_file(content: bytes) -> Mapping[str, Any]:
    """Read the keys and values of a file of facts.

    Args:
        content: UTF-8; JSON where the first letter is a brace, YAML otherwise.

    Raises:
        FileRefused: Too large, not UTF-8, neither YAML nor JSON, with anchors, tags or several documents, too deep, with a
            key written twice, or no mapping.
    """
    if len(content) > LARGEST_FILE:
        raise FileRefused(f"Tệp lớn hơn {LARGEST_FILE // 1000} kB; mỗi tệp chỉ ghi thông tin của một người.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as unreadable:
        raise FileRefused(
            f"Tệp không phải văn bản UTF-8 (lỗi ở byte {unreadable.start}). Hãy lưu lại tệp với mã UTF-8."
        ) from None
    found = _json(text) if text.lstrip().startswith("{") else _yaml(text)
    if not isinstance(found, Mapping):
        raise FileRefused("Tệp phải gồm các cặp tên và giá trị, ví dụ birth_date: 12/03/1954.")
    return found


def _json(text: str) -> Any:
    def refuse_constant(word: str) -> Any:
        raise FileRefused(f"Tệp JSON có giá trị {word}; hãy ghi số nguyên hoặc bỏ trống (null).")

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise FileRefused(f"Mục {twice[:60]} ghi hai lần. Hãy bỏ một.")
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=mapping, parse_constant=refuse_constant)
    except json.JSONDecodeError as unreadable:
        raise FileRefused(
            f"Tệp không đọc được theo JSON ở dòng {unreadable.lineno}. Kiểm tra dấu ngoặc, dấu phẩy và dấu ngoặc kép."
        ) from None
    except FileRefused:
        raise
    except (ValueError, RecursionError):
        raise FileRefused("Tệp JSON có số quá dài hoặc quá nhiều tầng ngoặc.") from None


def _yaml(text: str) -> Any:
    try:
        _look_through(text)
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a safe loader that knows no tags
    except yaml.YAMLError as unreadable:
        mark: Any = getattr(unreadable, "problem_mark", None)
        where = f" ở dòng {mark.line + 1}" if mark else ""
        raise FileRefused(
            f"Tệp không đọc được theo YAML{where}. Kiểm tra thụt dòng, dấu hai chấm và dấu ngoặc kép."
        ) from None
    except FileRefused:
        raise
    except (ValueError, RecursionError):
        raise FileRefused("Tệp có giá trị không đọc được. Hãy kiểm tra lại từng dòng.") from None


def _look_through(text: str) -> None:
    """Refuse anchors, tags, several documents and depth before anything is put together."""
    depth = documents = 0
    event: Any
    for count, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise FileRefused(f"Dòng {line} dùng dấu neo (& hoặc *), không nhận được. Hãy chép đầy đủ nội dung.")
        if getattr(event, "tag", None):
            raise FileRefused(
                f"Dòng {line} dùng nhãn kiểu ({event.tag[:60]}), không nhận được. Hãy ghi giá trị thường."
            )
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if documents > 1:
            raise FileRefused(f"Dòng {line} bắt đầu một phần thứ hai (---); mỗi tệp chỉ ghi thông tin của một người.")
        if depth > _DEEPEST or count > _MOST_EVENTS:
            raise FileRefused("Tệp quá nhiều tầng hoặc quá nhiều mục; mỗi tệp chỉ ghi thông tin của một người.")
