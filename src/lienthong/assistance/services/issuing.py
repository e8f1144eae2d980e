"""Disability certificates that a dossier issues, in the transaction of its approval."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance.models import DisabilityCertificate
from lienthong.assistance.services.certificates import RecordCertificate, put_certificate
from lienthong.assistance.services.proposing import person_of
from lienthong.assistance.services.refusals import FactWrong
from lienthong.assistance.services.settling import settle


@transaction.atomic
def issue_certificate(
    command: RecordCertificate, *, paper: str, acting_user: User, now: datetime
) -> DisabilityCertificate:
    """Issue a certificate that somebody prepared and another approves; the one that was in force ends.

    Cấp, cấp đổi, cấp lại Giấy xác nhận khuyết tật. What the person receives is adjusted from the month of the issue, and ends
    after it where the degree carries no allowance any more.

    Args:
        command: The certificate.
        paper: Which dossier, for the reasons.
        acting_user: Who approves.
        now: The moment.

    Raises:
        RecordUnknown: The person is not known.
        FactWrong: The person has died.
        CircumstanceRefused: The number is missing, the issuer is no commune, or the days cannot be or are taken.

    Legal source:
        51/2010/QH12, Điều 18, Điều 19; 01/2019/TT-BLĐTBXH, Điều 6, Điều 8, Điều 9.
    """
    person = person_of(command.person_id)
    if person.died_on is not None:
        raise FactWrong(_("Người này đã chết nên không cấp Giấy xác nhận khuyết tật được."))
    row = put_certificate(person, command, acting_user=acting_user, now=now)
    reason = _("Giấy xác nhận khuyết tật số %(number)s, %(level)s (%(paper)s)") % {
        "number": row.number, "level": row.get_level_display(), "paper": paper,
    }  # fmt: skip
    settle(person.pk, since=row.valid_from, reason=reason, acting_user_id=acting_user.pk, now=now)
    return row
