"""Procedures as YAML: one file of one procedure, of a list, or of several documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml
from django.utils.translation import gettext as _

from lienthong.catalogue.definition import ProcedureData, as_plain
from lienthong.catalogue.files.reading import UnreadableFile

_MOST_EVENTS = 2_000_000
_DEEPEST = 20


class _NoDuplicates(yaml.CSafeLoader):
    """Refuses a key written twice: plain YAML would silently keep the last."""


def _mapping(loader: _NoDuplicates, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _value in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else str(key_node.start_mark)
        if key in seen:
            raise UnreadableFile(
                _("Dòng %(line)s: mục “%(key)s” ghi hai lần. Hãy bỏ một.")
                % {"line": key_node.start_mark.line + 1, "key": key}
            )
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_NoDuplicates.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(content: bytes) -> list[Any]:
    """Read the procedures of a YAML file as plain mappings.

    Raises:
        UnreadableFile: Not UTF-8, not YAML, too deep, or with anchors and aliases (of which a small file can unfold
            into gigabytes).
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as unreadable:
        raise UnreadableFile(
            _("Tệp không phải văn bản UTF-8 (lỗi ở byte %(byte)s). Hãy lưu lại tệp với mã UTF-8.")
            % {"byte": unreadable.start}
        ) from unreadable
    try:
        _look_through(text)
        documents = list(yaml.load_all(text, Loader=_NoDuplicates))
    except yaml.YAMLError as unreadable:
        mark: Any = getattr(unreadable, "problem_mark", None)
        raise UnreadableFile(
            _("Tệp không đọc được theo YAML%(where)s. Kiểm tra thụt dòng, dấu hai chấm và dấu ngoặc kép.")
            % {"where": _(" ở dòng %(line)s") % {"line": mark.line + 1} if mark else ""}
        ) from unreadable
    except (ValueError, RecursionError) as unreadable:
        if isinstance(unreadable, UnreadableFile):
            raise
        raise UnreadableFile(_("Tệp có giá trị không đọc được: %(what)s.") % {"what": unreadable}) from unreadable
    return [one for document in documents for one in (document if isinstance(document, list) else [document]) if one]


def _look_through(text: str) -> None:
    depth = 0
    event: Any
    for count, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise UnreadableFile(
                _("Dòng %(line)s dùng dấu neo (& hoặc *), không nhận được. Hãy chép đầy đủ nội dung.")
                % {"line": event.start_mark.line + 1}
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST or count > _MOST_EVENTS:
            raise UnreadableFile(_("Tệp quá nhiều tầng hoặc quá nhiều mục. Hãy chia thành nhiều tệp."))


class _Writer(yaml.CSafeDumper):
    """Writes no aliases, for our own reader refuses them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Writer.add_multi_representer(str, lambda writer, text: writer.represent_str(str(text)))


def write_yaml(procedures: Iterable[ProcedureData]) -> bytes:
    """Write procedures as one YAML document each."""
    text = yaml.dump_all(
        [as_plain(procedure) for procedure in procedures],
        Dumper=_Writer,
        allow_unicode=True,
        sort_keys=False,
        width=120,
        explicit_start=True,
    )
    return text.encode()
