"""Who may receive the money of a benefit. Người nhận tiền."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from lienthong.assistance.models import Entitlement
from lienthong.assistance.services.refusals import PayeeWrong
from lienthong.assistance.states import GROUNDS_OF_PEOPLE, Benefit, PayeeGround
from lienthong.people.models import Person


def check_payee(person_id: int, payee_id: int | None, ground: str, *, benefit: str, on: date) -> None:
    """Refuse a payee who cannot receive the money.

    The support for whoever cares goes to them, on that ground, and never to the person they care for.

    Raises:
        PayeeWrong: Nobody of that number, dead, somebody else without a ground, or not who cares where that is paid.

    Legal source:
        20/2021/NĐ-CP, Điều 20.
    """
    if benefit == Benefit.CARER and (ground != PayeeGround.CARER or payee_id in {None, person_id}):
        raise PayeeWrong(
            _("Khoản này trả cho người nhận chăm sóc, không trả cho người được chăm sóc. Hãy ghi người nhận chăm sóc.")
        )
    if ground not in GROUNDS_OF_PEOPLE:
        raise PayeeWrong(
            _("Cơ sở chỉ nhận trợ cấp nuôi dưỡng trong cơ sở; ai nhận khoản đó không thay được. Hãy chọn tư cách khác.")
        )
    if payee_id in {None, person_id}:
        if ground != PayeeGround.SELF:
            raise PayeeWrong(_("Người nhận tiền là chính người hưởng thì chọn tư cách “chính người hưởng”."))
        return
    if ground == PayeeGround.SELF:
        raise PayeeWrong(
            _("Người nhận tiền là người khác: hãy chọn tư cách giám hộ, được ủy quyền hoặc nhận chăm sóc.")
        )
    payee = Person.objects.filter(pk=payee_id).first()
    if payee is None or (payee.died_on is not None and payee.died_on <= on):
        raise PayeeWrong(_("Người nhận tiền không có trong dữ liệu dân cư hoặc đã chết. Hãy chọn người khác."))


def check_other_payee(row: Entitlement, payee_id: int, ground: str, *, on: date) -> None:
    """Refuse somebody else who shall receive a benefit from now on.

    Raises:
        PayeeWrong: An institution is paid, or whoever should be cannot.
    """
    if row.benefit == Benefit.INSTITUTION:
        raise PayeeWrong(
            _("Khoản này trả cho cơ sở đang nuôi dưỡng. Người này chuyển cơ sở thì ghi rời cơ sở cũ và vào cơ sở mới.")
        )
    check_payee(row.person_id, payee_id, ground, benefit=row.benefit, on=on)
