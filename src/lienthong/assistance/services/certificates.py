"""Disability certificates: recorded with what decides their renewal; one that follows ends the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance.events import CertificateRecorded, CertificateWithdrawn
from lienthong.assistance.models import DisabilityCertificate
from lienthong.assistance.services.circumstances import (
    CircumstanceRefused,
    EvidenceMissing,
    SpanOverlaps,
    SpanRefused,
    line_given,
    person_recorded_by,
    stream_of,
)
from lienthong.assistance.services.proposing import ProposeAdjustment, propose_if_changed
from lienthong.assistance.services.refusals import reason_given
from lienthong.infra.events import events_of, record
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import format_day, local_day
from lienthong.people.models import Person
from lienthong.rules.disability import DisabilityKind, DisabilityLevel
from lienthong.units.models import AdministrativeUnit
from lienthong.units.states import COMMUNE_KINDS

LONGEST_NUMBER: Final = 60


class IssuerUnknown(CircumstanceRefused):
    """The certificate is issued by a commune, and this is none."""


class CertificateUnknown(NotFound):
    """There is no such certificate, or it was withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCertificate:
    """A certificate of disability as it lies on the table. Ghi Giấy xác nhận khuyết tật.

    Attributes:
        issued_by_id: The commune; None where the paper does not say.
        form_items: Items of part IV of form 02, such as ``1.1``; None where the form is not there.
        valid_until: The first day on which it no longer holds; None while it goes on.
    """

    person_id: int
    level: DisabilityLevel
    kind: DisabilityKind
    number: str
    issued_on: date
    issued_by_id: int | None = None
    form_items: frozenset[str] | None = None
    valid_until: date | None = None
    client_key: UUID | None = None


@transaction.atomic
def record_certificate(command: RecordCertificate, *, acting_user: User, now: datetime) -> DisabilityCertificate:
    """Record a certificate; the one that was in force ends on the day on which this one was issued.

    Ghi Giấy xác nhận khuyết tật.

    Raises:
        CircumstanceRefused: The person is another commune's, the number is missing, the issuer is no commune, or the days
            cannot be or are taken.
        KeyAlreadyUsed: The form was sent before.
    """
    person = person_recorded_by(command.person_id, acting_user=acting_user, now=now)
    row = put_certificate(person, command, acting_user=acting_user, now=now)
    _propose_what_follows(row, acting_user=acting_user, now=now)
    return row


def put_certificate(
    person: Person, command: RecordCertificate, *, acting_user: User, now: datetime
) -> DisabilityCertificate:
    """Write a certificate down and end the one that was in force, in the transaction of whoever decides.

    Raises:
        CircumstanceRefused: As when recording one.
        KeyAlreadyUsed: The form was sent before.
    """
    number = line_given(
        command.number,
        at_most=LONGEST_NUMBER,
        missing=lambda: EvidenceMissing(_("Ghi số của Giấy xác nhận khuyết tật.")),
    )
    _check_days(command, today=local_day(now), born=person.birth_on)
    _check_issuer(command.issued_by_id)
    held = DisabilityCertificate.objects.valid_on(command.issued_on).filter(person=person, withdrawn_at=None)
    followed = held.filter(valid_from__lt=command.issued_on).first()
    ended_before = followed.valid_until if followed is not None else None
    if followed is not None:
        followed.valid_until = command.issued_on
        followed.save(update_fields=["valid_until"])
    try:
        with transaction.atomic():
            row = DisabilityCertificate.objects.create(
                person=person,
                level=command.level,
                kind=command.kind,
                number=number,
                issued_on=command.issued_on,
                issued_by_id=command.issued_by_id,
                form_items=None if command.form_items is None else sorted(command.form_items),
                valid_from=command.issued_on,
                valid_until=command.valid_until,
                recorded_by=acting_user,
                recorded_at=now,
            )
    except IntegrityError as error:
        if "certificate_one_a_day" not in str(error):
            raise
        raise SpanOverlaps(
            _(
                "Đã ghi một Giấy xác nhận khuyết tật cấp từ ngày %(day)s trở đi. Hãy rút giấy ghi nhầm, hoặc xem lại ngày cấp."
            )
            % {"day": format_day(command.issued_on)}
        ) from error
    fact = CertificateRecorded(
        person_id=person.pk,
        certificate_id=row.pk,
        valid_from=row.valid_from,
        follows_id=followed.pk if followed else None,
        follows_until=ended_before,
    )
    record(fact, stream=stream_of(person.pk), actor_id=acting_user.pk, at=now, client_key=command.client_key)
    return row


@transaction.atomic
def withdraw_certificate(
    certificate_id: int, *, reason: str, acting_user: User, now: datetime
) -> DisabilityCertificate:
    """Withdraw a certificate that was recorded by mistake; the one before holds again.

    Rút Giấy xác nhận khuyết tật ghi nhầm.

    Raises:
        CertificateUnknown: There is no such certificate.
        CircumstanceRefused: The person is another commune's, or no reason is given.
    """
    row: DisabilityCertificate | None = (
        DisabilityCertificate.objects.select_for_update().filter(pk=certificate_id, withdrawn_at=None).first()
    )
    if row is None:
        raise CertificateUnknown(_("Không có giấy xác nhận này, hoặc đã được rút. Hãy mở lại trang."))
    person_recorded_by(row.person_id, acting_user=acting_user, now=now)
    why = reason_given(reason)
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    _hold_again(row)
    fact = CertificateWithdrawn(person_id=row.person_id, certificate_id=row.pk, reason=why)
    record(fact, stream=stream_of(row.person_id), actor_id=acting_user.pk, at=now)
    _propose_what_follows(row, acting_user=acting_user, now=now)
    return row


def _propose_what_follows(row: DisabilityCertificate, *, acting_user: User, now: datetime) -> None:
    """Propose an adjustment where the certificate changes what the person receives; another decides."""
    reason = _("Giấy xác nhận khuyết tật số %(number)s") % {"number": row.number}
    command = ProposeAdjustment(person_id=row.person_id, from_month=row.valid_from, reason=reason)
    propose_if_changed(command, acting_user=acting_user, now=now)


def _hold_again(row: DisabilityCertificate) -> None:
    """Let the certificate hold again that this one had ended, and no other: what ended by itself stays ended."""
    written = [one for one in events_of(stream_of(row.person_id)) if one.payload.get("certificate_id") == row.pk]
    told = (one.payload for one in written if one.name == CertificateRecorded.__name__)
    payload: dict[str, Any] = next(told, {})
    if payload.get("follows_id") is None:
        return
    followed = DisabilityCertificate.objects.filter(pk=payload["follows_id"], withdrawn_at=None)
    before = followed.filter(valid_until=row.valid_from).first()
    if before is not None:
        until = payload.get("follows_until")
        before.valid_until = date.fromisoformat(until) if until else None
        before.save(update_fields=["valid_until"])


def _check_days(command: RecordCertificate, *, today: date, born: date | None) -> None:
    if command.issued_on > today:
        raise SpanRefused(
            _("Ngày cấp %(day)s chưa đến. Hãy ghi ngày không muộn hơn hôm nay.")
            % {"day": format_day(command.issued_on)}
        )
    if born is not None and command.issued_on < born:
        raise SpanRefused(
            _("Ngày cấp không thể trước ngày sinh (%(day)s). Kiểm tra lại ngày.") % {"day": format_day(born)}
        )
    if command.valid_until is not None and command.valid_until <= command.issued_on:
        raise SpanRefused(_("Giấy hết hạn phải sau ngày cấp. Kiểm tra lại hai ngày."))


def _check_issuer(unit_id: int | None) -> None:
    if unit_id is not None and not AdministrativeUnit.objects.filter(pk=unit_id, kind__in=COMMUNE_KINDS).exists():
        raise IssuerUnknown(
            _("Giấy xác nhận khuyết tật do Ủy ban nhân dân cấp xã cấp. Hãy chọn xã, phường trong danh sách.")
        )
