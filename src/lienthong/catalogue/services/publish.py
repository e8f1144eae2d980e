"""Making a version public. What was public once stays readable for every day it held."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.catalogue.checks import check_version
from lienthong.catalogue.definition import DecisionData
from lienthong.catalogue.digests import version_digest
from lienthong.catalogue.events import VersionPublished, stream_of
from lienthong.catalogue.findings import Finding, errors_of
from lienthong.catalogue.models import Procedure, ProcedureVersion
from lienthong.catalogue.queries.versions import data_of, get_version
from lienthong.catalogue.services.drafts import hold_procedure, refuse_same_day
from lienthong.catalogue.services.storage import facts_of
from lienthong.catalogue.states import Confidence, VersionStatus
from lienthong.infra.events import record
from lienthong.kernel.days import add_months, format_day, local_day

_MOST_MONTHS_BACK, _MOST_MONTHS_AHEAD = 12, 60


class PublishingRefused(Exception):
    """A version cannot be published so; the message says why, and what to do."""


class AlreadyPublished(PublishingRefused):
    """The version is public already."""


class PreparedByPublisher(PublishingRefused):
    """Four eyes: whoever prepared a draft does not publish it."""


class VersionHasErrors(PublishingRefused):
    """The version is not whole.

    Attributes:
        findings: What has to be put right.
    """

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(
            _("Chưa công bố được, còn %(count)s điểm phải sửa: %(findings)s")
            % {"count": len(findings), "findings": " ".join(map(str, findings))}
        )
        self.findings = findings


class VersionsOverlap(PublishingRefused):
    """A version already holds on or after the first day."""


class DayOutOfReach(PublishingRefused):
    """A day of the decision cannot be meant so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishVersion:
    """A publishing decision for one draft. Quyết định công bố thủ tục.

    Attributes:
        version_id: The draft.
        revision: The revision that the publisher had before their eyes.
        decision_number: Number of the decision.
        signed_on: The day it was signed.
        issuer: Who signed it.
        valid_from: The first day on which the version holds.
    """

    version_id: int
    revision: int
    decision_number: str
    signed_on: date
    issuer: str
    valid_from: date


@transaction.atomic
def publish_version(command: PublishVersion, *, actor_id: int, now: datetime) -> ProcedureVersion:
    """Make a draft the version that holds from a day on; the version before it ends the day before.

    Công bố thủ tục. Dossiers received under an earlier version keep that version.

    Args:
        command: The decision.
        actor_id: Who publishes: nobody who prepared the draft.
        now: The moment of publishing.

    Raises:
        NoSuchProcedure: There is no such version.
        AlreadyPublished: It is no draft any more, or was edited after the publisher read it.
        PreparedByPublisher: The actor prepared it.
        VersionHasErrors: The check of the version found errors.
        DayOutOfReach: The decision was signed in the future, or starts too far from its signature.
        VersionsOverlap: A published version starts on or after the first day.
        DraftRefused: Another draft starts on that day.
    """
    procedure = hold_procedure(get_version(command.version_id).procedure.code)
    version = get_version(command.version_id)
    if version.status != VersionStatus.DRAFT:
        raise AlreadyPublished(
            _("Phiên bản %(number)s không còn là dự thảo; có thể người khác vừa công bố.") % {"number": version.number}
        )
    if version.revision != command.revision:
        raise AlreadyPublished(_("Dự thảo vừa được sửa sau khi bạn mở trang này. Hãy đọc lại bản mới rồi công bố."))
    if actor_id in version.prepared_by:
        raise PreparedByPublisher(
            _("Bạn đã soạn dự thảo này nên không tự công bố được. Hãy nhờ một cán bộ khác đọc lại và công bố.")
        )
    _check_days(command, now)
    decision = DecisionData(
        number=command.decision_number,
        signed_on=command.signed_on,
        issuer=command.issuer,
        confidence=Confidence.VERIFIED,
    )
    data = replace(data_of(version), valid_from=command.valid_from, decision=decision)
    if errors := errors_of(check_version(data)):
        raise VersionHasErrors(errors)
    _end_the_one_before(procedure, command)
    refuse_same_day(procedure, data, but=version)
    for name, value in facts_of(data).items():
        setattr(version, name, value)
    version.status = VersionStatus.PUBLISHED
    version.published_at, version.published_by = now, actor_id
    version.save()
    record(
        VersionPublished(
            number=version.number,
            decision_number=command.decision_number,
            signed_on=command.signed_on,
            valid_from=command.valid_from,
            digest=version_digest(data),
        ),
        stream=stream_of(procedure.code),
        actor_id=actor_id,
        at=now,
    )
    return version


def _check_days(command: PublishVersion, now: datetime) -> None:
    if command.signed_on > local_day(now):
        raise DayOutOfReach(
            _("Quyết định ghi ngày ký %(day)s, sau hôm nay. Kiểm tra lại ngày ký.")
            % {"day": format_day(command.signed_on)}
        )
    earliest = add_months(command.signed_on, -_MOST_MONTHS_BACK)
    latest = add_months(command.signed_on, _MOST_MONTHS_AHEAD)
    if not earliest <= command.valid_from <= latest:
        raise DayOutOfReach(
            _("Ngày có hiệu lực %(day)s quá xa ngày ký %(signed)s. Kiểm tra lại năm.")
            % {"day": format_day(command.valid_from), "signed": format_day(command.signed_on)}
        )


def _end_the_one_before(procedure: Procedure, command: PublishVersion) -> None:
    published = procedure.versions.filter(status=VersionStatus.PUBLISHED)
    if later := published.filter(valid_from__gte=command.valid_from).order_by("valid_from").first():
        raise VersionsOverlap(
            _("Đã có phiên bản %(number)s bắt đầu từ %(day)s. Hãy chọn ngày có hiệu lực sau ngày đó.")
            % {"number": later.number, "day": format_day(later.valid_from)}
        )
    for before in published.valid_on(command.valid_from):
        before.valid_until, before.ended_by = command.valid_from, command.decision_number
        before.save(update_fields=["valid_until", "ended_by"])
