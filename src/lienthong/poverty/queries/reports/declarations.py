"""The standard reports, each as one declaration.

Báo cáo kết quả rà soát hộ nghèo, hộ cận nghèo.

Legal source:
    07/2021/TT-BLĐTBXH, Phụ lục VII; 02/2022/TT-BLĐTBXH.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from lienthong.poverty.movements import ENTRIES, EXITS
from lienthong.poverty.queries.reports.figures import HOUSEHOLDS_TOTAL, Family
from lienthong.poverty.queries.reports.shape import Column, Report, Rows, with_words
from lienthong.poverty.states import LISTED_CLASSES, Cause, HouseholdClass, Movement

_POOR, _NEAR_POOR = LISTED_CLASSES
_LISTS: Final[Mapping[HouseholdClass, Any]] = MappingProxyType({_POOR: _("hộ nghèo"), _NEAR_POOR: _("hộ cận nghèo")})
_HEADS: Final[Mapping[HouseholdClass, Any]] = MappingProxyType({_POOR: _("Hộ nghèo"), _NEAR_POOR: _("Hộ cận nghèo")})


def _total() -> Column:
    return Column(
        code="all",
        label=_("Tổng số hộ"),
        means=_("Mọi hộ dân cư của xã, phường, do xã ghi khi báo cáo."),
        parts=(HOUSEHOLDS_TOTAL,),
    )


def _households(listed: HouseholdClass, *, group: Any = "") -> Column:
    return Column(
        code=listed,
        label=_HEADS[listed],
        means=with_words(
            _("Hộ có kết quả là %(list)s theo quyết định của Chủ tịch Ủy ban nhân dân cấp xã."),
            {"list": _LISTS[listed]},
        ),
        parts=(listed,),
        group=group,
    )


def _deprived(listed: HouseholdClass, code: str, name: str, *, is_share: bool) -> Column:
    words = {"list": _LISTS[listed], "name": name}
    return Column(
        code=code,
        label=name,
        means=with_words(_("Phần của %(list)s thiếu hụt chỉ số “%(name)s”.") if is_share else _("Số %(list)s thiếu hụt chỉ số “%(name)s”."), words),
        parts=(f"deprivation.{listed}.{code}",),
        of=(listed,) if is_share else (),
    )  # fmt: skip


_MEANS_OF_MOVEMENT: Final[Mapping[Movement, Any]] = MappingProxyType(
    {
        Movement.NEAR_POOR_TO_POOR: _("Trước rà soát là hộ cận nghèo, kết quả là hộ nghèo."),
        Movement.POOR_TO_NEAR_POOR: _("Trước rà soát là hộ nghèo, kết quả là hộ cận nghèo."),
        Movement.RELAPSE_POOR: _("Không trong danh sách ngay trước đó, nhưng đã từng ở những năm trước nữa."),
        Movement.RELAPSE_NEAR_POOR: _("Không trong danh sách ngay trước đó, nhưng đã từng ở những năm trước nữa."),
        Movement.NEW_POOR: _("Chưa từng trong danh sách nào."),
        Movement.NEW_NEAR_POOR: _("Chưa từng trong danh sách nào."),
        Movement.POOR_EXITS: _("Kết quả không còn là hộ nghèo, cũng không là hộ cận nghèo."),
        Movement.NEAR_POOR_EXITS: _("Kết quả không còn là hộ cận nghèo, cũng không là hộ nghèo."),
        Movement.POOR_GONE: _("Hộ đã chuyển đi, đã tách, nhập hoặc không còn ai."),
        Movement.NEAR_POOR_GONE: _("Hộ đã chuyển đi, đã tách, nhập hoặc không còn ai."),
    }
)


def _moved(movement: Movement, group: Any) -> Column:
    return Column(
        code=movement,
        label=movement.label,
        means=_MEANS_OF_MOVEMENT[movement],
        parts=(f"movement.{movement}",),
        group=group,
    )


def _movement_report(code: str, listed: HouseholdClass, title: Any) -> Report:
    return Report(
        code=code,
        title=title,
        line=_("Đầu kỳ, tăng, giảm, cuối kỳ; mỗi dòng được kiểm tra có cân không."),
        counts=_("Mọi hộ trong danh sách rà soát của những xã đã quyết định, kể cả hộ không còn ở địa bàn."),
        families=(Family.CLASS, Family.MOVEMENT),
        account=listed,
        columns=(
            Column(
                code="opening",
                label=_("Đầu kỳ"),
                means=with_words(_("Hộ đang là %(list)s khi lập danh sách rà soát."), {"list": _LISTS[listed]}),
                parts=(f"before.{listed}",),
            ),
            *(_moved(one, _("Tăng")) for one in ENTRIES[listed]),
            *(_moved(one, _("Giảm")) for one in EXITS[listed]),
            Column(
                code="closing",
                label=_("Cuối kỳ"),
                means=with_words(_("Hộ có kết quả là %(list)s."), {"list": _LISTS[listed]}),
                parts=(listed,),
            ),
        ),
    )


def _deprivation_report(code: str, listed: HouseholdClass, title: Any, *, is_share: bool = False) -> Report:
    return Report(
        code=code,
        title=title,
        line=_("Mỗi chỉ số thiếu hụt một cột, theo chuẩn của đợt rà soát."),
        counts=with_words(
            _("Hộ có kết quả là %(list)s. Một hộ có thể thiếu hụt nhiều chỉ số."), {"list": _LISTS[listed]}
        ),
        families=(Family.CLASS, Family.DEPRIVATION),
        columns=(_households(listed),),
        by_indicator=partial(_deprived, listed, is_share=is_share),
    )


def _result_report(code: str, listed: HouseholdClass, title: Any) -> Report:
    return Report(
        code=code,
        title=title,
        line=_("Số hộ, số nhân khẩu và tỷ lệ trên tổng số hộ."),
        counts=with_words(_("Hộ có kết quả là %(list)s."), {"list": _LISTS[listed]}),
        families=(Family.CLASS,),
        columns=(
            _total(),
            _households(listed),
            Column(
                code="rate",
                label=_("Tỷ lệ"),
                means=with_words(_("Số %(list)s chia cho tổng số hộ của xã, phường."), {"list": _LISTS[listed]}),
                parts=(listed,),
                of=(HOUSEHOLDS_TOTAL,),
            ),
            Column(
                code="people",
                label=_("Nhân khẩu"),
                means=_("Số người trong các hộ đó khi lập danh sách; hộ không ghi số người tính là không."),
                parts=(f"{listed}.people",),
            ),
        ),
    )


def _target_columns(listed: HouseholdClass) -> tuple[Column, ...]:
    head = _HEADS[listed]
    groups = (
        ("no_labour", _("Không có khả năng lao động"), _("Hộ không có người nào có khả năng lao động, theo phiếu khảo sát.")),
        ("merit", _("Có người có công"), _("Hộ có thành viên là người có công với cách mạng.")),
        ("minority", _("Dân tộc thiểu số"), _("Dân tộc ghi trong danh sách khác dân tộc Kinh; hộ không ghi dân tộc không tính.")),
    )  # fmt: skip
    return (
        Column(code=listed, label=_("Tổng số"), means=_households(listed).means, parts=(listed,), group=head),
        *(
            Column(code=f"{listed}.{code}", label=label, means=means, parts=(f"{listed}.{code}",), group=head)
            for code, label, means in groups
        ),
    )


def _cause_columns(listed: HouseholdClass) -> tuple[Column, ...]:
    return tuple(
        Column(
            code=f"{listed}.{cause}",
            label=cause.label,
            means=with_words(_("Số %(list)s nêu nguyên nhân này."), {"list": _LISTS[listed]}),
            parts=(f"cause.{listed}.{cause}",),
            group=_HEADS[listed],
        )
        for cause in Cause
    )


def _child_columns(listed: HouseholdClass) -> tuple[Column, ...]:
    names = {"nutrition": _("Dinh dưỡng"), "childSchoolAttendance": _("Đi học")}
    head = _HEADS[listed]
    found = [Column(code=listed, label=_("Tổng số"), means=_households(listed).means, parts=(listed,), group=head)]
    for code, name in names.items():
        key, words = f"deprivation.{listed}.{code}", {"name": name, "list": _LISTS[listed]}
        found.append(
            Column(
                code=f"{listed}.{code}",
                label=name,
                means=with_words(_("Số %(list)s có trẻ em thiếu hụt về %(name)s."), words),
                parts=(key,),
                group=head,
            )
        )
        found.append(
            Column(
                code=f"{listed}.{code}.share",
                label=with_words(_("%(name)s, tỷ lệ"), words),
                means=with_words(_("Phần của %(list)s có trẻ em thiếu hụt về %(name)s."), words),
                parts=(key,),
                of=(listed,),
                group=head,
            )
        )
    return tuple(found)


def _ethnicity_columns() -> tuple[Column, ...]:
    found = []
    for listed in LISTED_CLASSES:
        found += [
            Column(code=listed, label=_HEADS[listed], means=_("Hộ ghi dân tộc này trong danh sách."), parts=(listed,)),
            Column(
                code=f"{listed}.share",
                label=with_words(_("Phần của %(list)s"), {"list": _LISTS[listed]}),
                means=with_words(_("Chia cho mọi %(list)s của những xã đang xem."), {"list": _LISTS[listed]}),
                parts=(listed,),
                of=(f"all.{listed}",),
            ),
        ]
    return tuple(found)


REPORTS: Final[tuple[Report, ...]] = (
    _result_report("poor", _POOR, _("Kết quả rà soát hộ nghèo")),
    _result_report("near-poor", _NEAR_POOR, _("Kết quả rà soát hộ cận nghèo")),
    _movement_report("movement-poor", _POOR, _("Diễn biến hộ nghèo")),
    _movement_report("movement-near-poor", _NEAR_POOR, _("Diễn biến hộ cận nghèo")),
    _deprivation_report("deprivation-poor", _POOR, _("Mức độ thiếu hụt của hộ nghèo")),
    _deprivation_report("deprivation-poor-share", _POOR, _("Tỷ lệ thiếu hụt của hộ nghèo"), is_share=True),
    _deprivation_report("deprivation-near-poor", _NEAR_POOR, _("Mức độ thiếu hụt của hộ cận nghèo")),
    _deprivation_report(
        "deprivation-near-poor-share", _NEAR_POOR, _("Tỷ lệ thiếu hụt của hộ cận nghèo"), is_share=True
    ),
    Report(
        code="targets",
        title=_("Hộ nghèo, hộ cận nghèo theo nhóm đối tượng"),
        line=_("Không có khả năng lao động, có người có công, dân tộc thiểu số."),
        counts=_("Hộ có kết quả là hộ nghèo hoặc hộ cận nghèo. Một hộ có thể thuộc nhiều nhóm."),
        families=(Family.CLASS,),
        columns=(*_target_columns(_POOR), *_target_columns(_NEAR_POOR)),
    ),
    Report(
        code="ethnicity",
        title=_("Hộ nghèo, hộ cận nghèo theo dân tộc"),
        line=_("Mỗi dân tộc một dòng, trong toàn tỉnh hoặc trong một xã."),
        counts=_("Hộ có kết quả là hộ nghèo hoặc hộ cận nghèo, theo dân tộc ghi trong danh sách."),
        rows=Rows.ETHNICITY,
        families=(Family.ETHNICITY,),
        columns=_ethnicity_columns(),
    ),
    Report(
        code="causes",
        title=_("Hộ nghèo, hộ cận nghèo theo nguyên nhân"),
        line=_("Tám nguyên nhân mà hộ nêu khi khảo sát."),
        counts=_("Hộ có kết quả là hộ nghèo hoặc hộ cận nghèo. Một hộ có thể nêu nhiều nguyên nhân."),
        families=(Family.CAUSE,),
        columns=(*_cause_columns(_POOR), *_cause_columns(_NEAR_POOR)),
    ),
    Report(
        code="children",
        title=_("Thiếu hụt của trẻ em trong hộ nghèo, hộ cận nghèo"),
        line=_("Dinh dưỡng và tình trạng đi học của trẻ em."),
        counts=_("Hộ có kết quả là hộ nghèo hoặc hộ cận nghèo; đếm hộ, không đếm trẻ."),
        families=(Family.CLASS, Family.DEPRIVATION),
        columns=(*_child_columns(_POOR), *_child_columns(_NEAR_POOR)),
    ),
    Report(
        code="average",
        title=_("Tổng hợp hộ có mức sống trung bình"),
        line=_("Hộ làm nông nghiệp, lâm nghiệp, ngư nghiệp, diêm nghiệp có mức sống trung bình."),
        counts=_("Hộ có kết quả là hộ có mức sống trung bình."),
        families=(Family.CLASS,),
        columns=(
            _total(),
            Column(
                code="average",
                label=_("Hộ có mức sống trung bình"),
                means=_("Hộ được xác định có mức sống trung bình theo quyết định của Chủ tịch Ủy ban nhân dân cấp xã."),
                parts=(HouseholdClass.AVERAGE,),
            ),
            Column(
                code="rate",
                label=_("Tỷ lệ"),
                means=_("Số hộ có mức sống trung bình chia cho tổng số hộ của xã, phường."),
                parts=(HouseholdClass.AVERAGE,),
                of=(HOUSEHOLDS_TOTAL,),
            ),
        ),
    ),
    Report(
        code="list-poor",
        title=_("Danh sách chi tiết hộ nghèo"),
        line=_("Từng hộ: chủ hộ, nơi ở, điểm, thiếu hụt, nguyên nhân, biến động."),
        counts=_("Hộ có kết quả là hộ nghèo."),
        rows=Rows.HOUSEHOLD,
        listed=_POOR,
    ),
    Report(
        code="list-near-poor",
        title=_("Danh sách chi tiết hộ cận nghèo"),
        line=_("Từng hộ: chủ hộ, nơi ở, điểm, thiếu hụt, nguyên nhân, biến động."),
        counts=_("Hộ có kết quả là hộ cận nghèo."),
        rows=Rows.HOUSEHOLD,
        listed=_NEAR_POOR,
    ),
)


def report_named(code: str) -> Report | None:
    """Return a report by its code; None where there is none."""
    return next((one for one in REPORTS if one.code == code), None)
