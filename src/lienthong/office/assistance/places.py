"""The second level of the navigation: where somebody of social assistance or merit goes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthong.assistance import policies
from lienthong.assistance.queries.certificates import due_in_communes
from lienthong.assistance.queries.findings import findings_to_work_on
from lienthong.assistance.queries.law_change_lists import months_not_looked_at
from lienthong.assistance.queries.proposals import waiting_for
from lienthong.assistance.states import Programme
from lienthong.infra.http import HouseRequest
from lienthong.infra.templatetags.formats import number
from lienthong.office.assistance.gates import takes_over


def works_on_merit(user: Any, *, on: date) -> bool:
    """Tell whether the user sees claims of people with merit: of a commune, or of the province."""
    return _works_on(Programme.MERIT, user, on=on)


def works_on_social_assistance(user: Any, *, on: date) -> bool:
    """Tell whether the user sees emergency assistance: of a commune, or of the province."""
    return _works_on(Programme.SOCIAL, user, on=on)


def _works_on(programme: Programme, user: Any, *, on: date) -> bool:
    return policies.sees_assistance(user, on=on) and (
        str(programme) in policies.programmes_seen(user, on=on)
        or bool(policies.communes_of(user, on=on, programme=programme))
    )


def places_of(user: Any, *, on: date) -> list[tuple[str, str]]:
    """Return the pages for this user, each by the name of its address and its label."""
    found = [
        ("office:assistance", _("Người hưởng")),
        ("office:assistance_proposals", _("Đề xuất")),
        ("office:assistance_findings", _("Không bỏ sót ai")),
        ("office:assistance_people", _("Tìm người")),
        ("office:assistance_certificates", _("Giấy khuyết tật")),
    ]
    if works_on_merit(user, on=on):
        found.append(("office:assistance_claims", _("Người có công")))
    if works_on_social_assistance(user, on=on):
        found.append(("office:assistance_emergencies", _("Trợ giúp khẩn cấp")))
    found.append(("office:assistance_areas", _("Địa bàn khó khăn")))
    if takes_over(user, on=on):
        found.append(("office:assistance_take_overs", _("Tiếp nhận danh sách")))
    if policies.sees_province(user, on=on):
        found.append(("office:assistance_laws", _("Áp dụng mức mới")))
        found.append(("office:assistance_what_if", _("Giả định")))
    return found if policies.sees_assistance(user, on=on) else []


def waits_in_assistance(request: HouseRequest) -> list[tuple[str, str]]:
    """Return what waits for this officer beside dossiers, each as a sentence that opens its list; nothing where nothing does."""
    user, today = request.user, request.today
    if not policies.sees_assistance(user, on=today):
        return []
    found = []
    if mine := waiting_for(user, on=today):
        words = ngettext("%(n)s đề xuất trợ cấp chờ bạn duyệt", "%(n)s đề xuất trợ cấp chờ bạn duyệt", mine)
        found.append((words % {"n": mine}, reverse("office:assistance_proposals")))
    if policies.runs_a_commune(user, on=today) and not policies.sees_province(user, on=today):
        own = policies.communes_of(user, on=today, roles=policies.RUNNING_ROLES)
        if due := due_in_communes(own, on=today):
            words = ngettext(
                "%(n)s giấy xác nhận khuyết tật đến hạn cấp lại", "%(n)s giấy xác nhận khuyết tật đến hạn cấp lại", due
            )
            found.append((words % {"n": due}, reverse("office:assistance_certificates") + "?due=yes"))
        if findings := findings_to_work_on(user, on=today):
            words = ngettext(
                "%(n)s phát hiện “Không bỏ sót ai” chưa xử lý", "%(n)s phát hiện “Không bỏ sót ai” chưa xử lý", findings
            )
            found.append((words % {"n": number(findings)}, reverse("office:assistance_findings")))
    for one in months_not_looked_at(user, on=today):
        words = _("Mức mới của %(programme)s áp dụng từ tháng %(month)s, có hiệu lực sau đó; chưa ai tính truy lĩnh")
        told = words % {"programme": Programme(one.programme).label, "month": f"{one.month:%m/%Y}"}
        found.append((told, reverse("office:assistance_laws")))
    return found
