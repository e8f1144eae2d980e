"""The review's part in its procedures: what is received at the desk waits for the next list, and the answer is the review's.

Công nhận hộ nghèo, hộ cận nghèo, thoát nghèo, mức sống trung bình. A dossier is approved by what the village and the chair
decided, never beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from lienthong.accounts.models import User
from lienthong.dossiers.handlers import ProcedureHandler, Question
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.refusals import DossierRefusal
from lienthong.kernel.decisions import Decision, Reason
from lienthong.kernel.legal import LegalReference
from lienthong.poverty.models import ReviewRequest
from lienthong.poverty.queries.results import household_with_code
from lienthong.poverty.states import HouseholdClass, RequestKind

KINDS = {
    "1.011607": RequestKind.RECOGNIZE,
    "1.011608": RequestKind.EXIT,
    "1.011609": RequestKind.AVERAGE,
}
_WANTED = {
    RequestKind.RECOGNIZE: frozenset({HouseholdClass.POOR, HouseholdClass.NEAR_POOR}),
    RequestKind.EXIT: frozenset({HouseholdClass.AVERAGE, HouseholdClass.NOT_POOR}),
    RequestKind.AVERAGE: frozenset({HouseholdClass.AVERAGE}),
}
_LAW = LegalReference(document="24/2021/QĐ-TTg")


class NotReviewedYet(DossierRefusal):
    """The review has not decided what the dossier asks for."""


class ReviewHandler(ProcedureHandler):
    """A household asks for a review: which household, and what the review made of it. Đề nghị rà soát."""

    def __init__(self, kind: RequestKind) -> None:
        self.kind = kind

    def questions(self) -> Sequence[Question]:
        """Ask for the code of the household where it is known; the registers know that of most applicants."""
        hint = "Để trống nếu không biết: hệ thống tìm theo số định danh của người đề nghị"
        return (Question("household_code", "Mã hộ", hint=hint, is_required=False),)

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name a code that no household has."""
        code = str(answers.get("household_code", "")).strip()
        if code and household_with_code(code, on=on) is None:
            return [f"Không có hộ nào mang mã {code}. Kiểm tra lại mã hộ, hoặc để trống"]
        return []

    def proposal(self, dossier: Dossier, *, on: date) -> Decision[Any] | None:
        """Say what the review has decided, or what it still waits for."""
        request = _request_of(dossier)
        if request is None:
            return Decision.unknown(
                missing=["hộ của người đề nghị chưa rõ hoặc không ở xã này; ghi giấy đề nghị ở trang Rà soát hộ nghèo"]
            )
        review = request.review
        if review is None:
            return Decision.unknown(missing=["đợt rà soát thường xuyên của xã chưa đưa hộ này vào danh sách"])
        if review.final_class is None:
            step = review.commune_review.get_state_display()
            return Decision.unknown(missing=[f"quyết định của đợt rà soát (xã đang ở bước: {step})"])
        found = HouseholdClass(review.final_class)
        holds = found in _WANTED[self.kind]
        number = f", quyết định số {review.decision.number}" if review.decision else ""
        reasons = [Reason(f"Kết quả rà soát: {found.label}{number}", holds, _LAW)]
        # The answer is a class, not an amount: zero đồng is shown as no amount.
        return Decision.granted(0, reasons=reasons) if holds else Decision.refused(reasons=reasons)

    def apply(self, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
        """Let a dossier be approved only on what the review decided.

        Raises:
            NotReviewedYet: The review has not decided, or decided otherwise.
        """
        request = _request_of(dossier)
        review = request.review if request else None
        if review is None or review.final_class is None:
            raise NotReviewedYet(
                "Chưa thể phê duyệt: đợt rà soát của xã chưa có quyết định về hộ này. Xem tiến độ ở trang Rà soát hộ nghèo."
            )
        found = HouseholdClass(review.final_class)
        if found not in _WANTED[self.kind]:
            raise NotReviewedYet(
                f"Không thể phê duyệt: kết quả rà soát của hộ là {found.label}, không phải điều được đề nghị. "
                "Hãy từ chối hồ sơ và nêu kết quả rà soát."
            )


def _request_of(dossier: Dossier) -> ReviewRequest | None:
    if not dossier.code:
        return None
    requests = ReviewRequest.objects.select_related("review__commune_review", "review__decision")
    request: ReviewRequest | None = requests.filter(dossier_code=dossier.code).first()
    return request
