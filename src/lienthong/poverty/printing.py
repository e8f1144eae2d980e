"""What the papers of the village's part say, read from the rows. Drawing belongs to documents, so the same rows give the same paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import override

from lienthong.accounts.models import User
from lienthong.documents.form_data import QrCode
from lienthong.dossiers.printing import form_head
from lienthong.kernel.days import format_day, local_day
from lienthong.poverty.models import (
    CommuneReview,
    HouseholdStanding,
    Objection,
    Posting,
    RecognitionDecision,
    VillageMeeting,
)
from lienthong.poverty.papers import (
    AnnexRow,
    AnswerPaper,
    Certificate,
    CertificatesPaper,
    ChangeRow,
    DecisionPaper,
    MinutesPaper,
    PostingPaper,
    ResultRow,
)
from lienthong.poverty.queries.decisions import outcomes_of
from lienthong.poverty.queries.village import latest_posting, result_of, results_of
from lienthong.poverty.states import DecisionKind, DecisionState, HouseholdClass, Movement, ObjectionOutcome, VisitState
from lienthong.poverty.working_days import FIELD, RECHECK
from lienthong.rules.parameters import load_parameter
from lienthong.units import queries as units
from lienthong.units.states import AgencyLevel

# Where the code on a certificate leads: a household signs in there and sees its own result.
PUBLIC_PAGE = "/household/look-up/"


def minutes(meeting: VillageMeeting) -> MinutesPaper:
    """Return what the minutes of a meeting say."""
    review = meeting.commune_review
    changes = {change.review_id: change for change in meeting.changes.select_related("review").order_by("pk")}
    households = results_of(review, meeting.hamlet).exclude(visit_state=VisitState.GONE)
    rows = []
    for household in households:
        change = changes.get(household.pk)
        surveyed = household.surveyed_class or result_of(household)
        after = change.class_to if change else household.proposed_class or surveyed
        rows.append(
            ResultRow(
                head=household.head_name,
                code=household.household.code,
                before=class_words(change.class_from if change else surveyed),
                after=class_words(after if meeting.is_accepted else surveyed),
            )
        )
    share = load_parameter("poverty/review:village_agreement").value_on(local_day(meeting.held_at))
    accepted = f"đạt từ {share} % trở lên nên kết quả được thông qua."
    refused = f"chưa đạt {share} % nên các hộ trong danh sách được khảo sát lại."
    return MinutesPaper(
        **_head(review, local_day(meeting.held_at)),
        round_words=round_words(review),
        commune=review.unit.name,
        hamlet=meeting.hamlet,
        held_at=meeting.held_at,
        meeting_place=meeting.place,
        chair=meeting.chair,
        secretary=meeting.secretary,
        supervisor=meeting.supervisor,
        attendees=meeting.attendees,
        households_present=meeting.households_present,
        agreed=meeting.agreed,
        share=f"{meeting.agreed * 100 / meeting.attendees:.2f} %".replace(".", ","),
        conclusion=accepted if meeting.is_accepted else refused,
        opinions=meeting.opinions,
        rows=tuple(rows),
        changes=tuple(
            ChangeRow(
                head=change.review.head_name,
                before=class_words(change.class_from),
                after=class_words(change.class_to),
                votes=votes_words(change.votes_for, change.votes_against),
                reason=change.reason,
            )
            for change in changes.values()
        ),
    )


def posting_notice(posting: Posting) -> PostingPaper:
    """Return the list as it was posted."""
    review = posting.commune_review
    counts = Counter(row["class"] for row in posting.households)
    return PostingPaper(
        **_head(review, posting.posted_on),
        round_words=round_words(review),
        commune=review.unit.name,
        number=posting.number,
        posted_on=posting.posted_on,
        last_day=posting.ends_on - timedelta(days=1),
        places=posting.places,
        recheck_days=load_parameter(RECHECK).value_on(posting.posted_on),
        rows=tuple(
            ResultRow(
                head=row["head"],
                code=row["code"],
                hamlet=row["hamlet"],
                size=str(row["size"] or ""),
                before=class_words(row["before"]),
                after=class_words(row["class"]),
            )
            for row in posting.households
        ),
        poor=counts[HouseholdClass.POOR],
        near_poor=counts[HouseholdClass.NEAR_POOR],
        digest=posting.digest,
    )


def decision_paper(decision: RecognitionDecision, *, on: date) -> DecisionPaper:
    """Return a decision with its list; a draft while it is not signed, dated the day it is looked at."""
    review = decision.commune_review
    is_signed = decision.state == DecisionState.SIGNED
    recognises = decision.kind == DecisionKind.RECOGNIZE
    numbers = dict(decision.standings.order_by("pk").values_list("household_id", "certificate_number"))
    rows = []
    for outcome in outcomes_of(review):
        household = outcome.household
        if outcome.kind == decision.kind:
            rows.append(
                AnnexRow(
                    head=household.head_name,
                    code=household.household.code,
                    hamlet=household.hamlet,
                    size=str(household.size or ""),
                    result=class_words(outcome.result),
                    note=numbers.get(household.household_id, "")
                    if recognises
                    else str(Movement(outcome.movement).label),
                )
            )
    what = "công nhận hộ nghèo, hộ cận nghèo" if recognises else "công nhận hộ thoát nghèo, hộ thoát cận nghèo"
    counts = Counter(row.result for row in rows)
    said = ", ".join(f"{n} {words}" for words, n in sorted(counts.items()))
    posting = latest_posting(review)
    grounds = [
        "Căn cứ Quyết định số 24/2021/QĐ-TTg của Thủ tướng Chính phủ về quy trình rà soát hộ nghèo, hộ cận nghèo;",
        f"Căn cứ kết quả {round_words(review)};",
    ]
    if posting is not None:
        grounds.append(f"Căn cứ kết quả niêm yết công khai từ ngày {format_day(posting.posted_on)};")
    return DecisionPaper(
        **_head(review, decision.signed_on or on),
        number=decision.number,
        about=f"Về việc {what} trên địa bàn {review.unit.name}",
        is_draft=not is_signed,
        commune=review.unit.name,
        grounds=tuple(grounds),
        what=f"{what.capitalize()} đối với {len(rows)} hộ{f' ({said})' if recognises and said else ''}, theo danh sách kèm theo.",
        applies_from=decision.applies_from,
        signer_name=_name(decision.signed_by),
        has_certificates=recognises,
        rows=tuple(rows),
    )


def certificates(decision: RecognitionDecision, standings: Sequence[HouseholdStanding]) -> CertificatesPaper:
    """Return the certificates of a signed decision, one page each."""
    review = decision.commune_review
    signed_on = decision.signed_on or decision.applies_from
    return CertificatesPaper(
        **_head(review, signed_on),
        commune=review.unit.name,
        decision_number=decision.number,
        signed_on=signed_on,
        applies_from=decision.applies_from,
        signer_name=_name(decision.signed_by),
        certificates=tuple(_certificate(standing, review) for standing in standings),
    )


def _certificate(standing: HouseholdStanding, review: CommuneReview) -> Certificate:
    listed = standing.review
    return Certificate(
        number=standing.certificate_number,
        class_words=class_words(standing.household_class),
        head=listed.head_name if listed else "",
        household_code=standing.household.code,
        address=", ".join(filter(None, [listed.hamlet if listed else "", review.unit.name])),
        size=str(listed.size or "") if listed else "",
        qr=QrCode(content=f"{settings.PUBLIC_URL}{PUBLIC_PAGE}"),
    )


def answer(objection: Objection) -> AnswerPaper:
    """Return the written answer to an objection."""
    review = objection.commune_review
    upheld = objection.outcome == ObjectionOutcome.UPHELD
    change = objection.changes.order_by("-pk").first()
    outcome = "Kết quả rà soát được giữ nguyên."
    if upheld and change is not None:
        outcome = f"Kết quả được sửa từ {class_words(change.class_from)} thành {class_words(change.class_to)}."
    return AnswerPaper(
        **_head(review, objection.answered_on or objection.raised_on),
        commune=review.unit.name,
        round_words=round_words(review),
        addressee=objection.raised_by,
        household=objection.review.head_name if objection.review else "",
        raised_on=objection.raised_on,
        content=objection.content,
        answer=objection.answer,
        outcome=outcome,
        is_upheld=upheld,
    )


def class_words(value: str | None) -> str:
    """Return a class as a paper says it."""
    return str(HouseholdClass(value).label) if value else "chưa rõ"


def votes_words(votes_for: int | None, votes_against: int | None) -> str:
    """Return the votes on one household, as far as they were counted."""
    said = []
    if votes_for is not None:
        said.append(f"{votes_for} đồng ý")
    if votes_against is not None:
        said.append(f"{votes_against} không đồng ý")
    return ", ".join(said)


def round_words(review: CommuneReview) -> str:
    """Return the round as a paper says it, whatever language the screen has: rà soát định kỳ hằng năm, năm 2026."""
    with override("vi"):
        return review.round.in_words


def _head(review: CommuneReview, day: date) -> dict[str, Any]:
    try:
        agency = units.competent_agency(field_code=FIELD, level=AgencyLevel.COMMUNE, unit=review.unit, on=day)
    except units.NobodyCompetent:
        place = settings.PROVINCE_NAME.removeprefix("tỉnh ").strip()
        return {"agency_lines": (f"Ủy ban nhân dân {review.unit.name}",), "place": place, "issued_on": day}
    return form_head(agency, day)


def _name(user: User | None) -> str:
    return user.full_name if user else ""
