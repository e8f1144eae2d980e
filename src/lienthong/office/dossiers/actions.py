"""Every action on a dossier as a screen: its form, what it says will happen, and the one service it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.dossiers import services as dossiers
from lienthong.dossiers.services.clock import ExtendedBefore, NewDayNotLater, NewDayOff, NewDayUnknown
from lienthong.dossiers.services.route import NotThisColleague
from lienthong.dossiers.services.supplement import SecondRoundNeedsBasis
from lienthong.dossiers.states import Action, ReturnWay
from lienthong.office.dossiers import forms
from lienthong.office.dossiers.answering import AnswerForm, answer, complete


@dataclass(frozen=True, slots=True)
class ActionScreen:
    """One action: the form, the sentence that says what happens next, the call, and whether it warns."""

    form: type[forms.ActForm]
    what_happens: str | Promise
    call: Callable[[Any, Any, datetime], Any]
    tone: str = "primary"
    on_page: bool = False
    words: str | Promise = ""


def _assign(form: Any, user: Any, now: datetime) -> Any:
    colleague_id = int(form.cleaned_data["colleague"])
    return dossiers.assign(form.target(), colleague_id=colleague_id, acting_user=user, now=now)


SCREENS: dict[Action, ActionScreen] = {
    Action.RECEIVE: ActionScreen(
        forms.ClaimForm,
        _("Hồ sơ được cấp số, thời hạn bắt đầu tính từ lúc này và hồ sơ được chuyển ngay tới bước xử lý."),
        lambda form, user, now: dossiers.receive_submitted(
            dossiers.ReceiveSubmitted(target=form.target()), acting_user=user, now=now
        ),
        on_page=True,
    ),
    Action.REQUEST_COMPLETION: ActionScreen(
        forms.CompletionForm,
        _("Người nộp chỉ sửa được các giấy tờ được đánh dấu; hồ sơ chưa tính thời hạn."),
        lambda form, user, now: dossiers.request_completion(
            form.target(),
            items=form.marked(),
            reason=form.cleaned_data["reason"],
            acting_user=user,
            now=now,
        ),
    ),
    Action.REFUSE_INTAKE: ActionScreen(
        forms.ReasonForm,
        _("Người nộp nhận phiếu từ chối tiếp nhận có ghi lý do dưới đây."),
        lambda form, user, now: dossiers.refuse_intake(
            dossiers.RefuseIntake(target=form.target(), reason=form.cleaned_data["reason"]), acting_user=user, now=now
        ),
        tone="warning",
    ),
    Action.COMPLETE: ActionScreen(
        AnswerForm,
        _("Nhận các giấy tờ người nộp mang tới; hồ sơ trở lại hàng chờ tiếp nhận."),
        complete,
        words=_("Nhận phần hoàn thiện"),
    ),
    Action.ANSWER_SUPPLEMENT: ActionScreen(
        AnswerForm,
        _("Nhận đủ các giấy tờ đã yêu cầu trong một lần; thời hạn được tính lại từ lúc này."),
        answer,
        words=_("Nhận phần bổ sung"),
    ),
    Action.CLAIM: ActionScreen(
        forms.ClaimForm,
        _("Hồ sơ ra khỏi hàng chờ và do bạn giữ."),
        lambda form, user, now: dossiers.claim(form.target(), acting_user=user, now=now),
        on_page=True,
    ),
    Action.PASS_ON: ActionScreen(
        forms.PassOnForm,
        _("Bước hiện tại kết thúc; hồ sơ tới người làm bước tiếp theo."),
        lambda form, user, now: dossiers.pass_on(
            dossiers.PassOn(
                target=form.target(), proposal=form.cleaned_data["proposal"], note=form.cleaned_data["note"]
            ),
            acting_user=user,
            now=now,
        ),
    ),
    Action.APPRAISE: ActionScreen(
        forms.AppraisalForm,
        _(
            "Nội dung dưới đây là căn cứ để trình duyệt; ghi lại được cho tới khi chuyển bước. Người ghi không phê duyệt hồ sơ này."
        ),
        lambda form, user, now: dossiers.record_appraisal(
            dossiers.RecordAppraisal(target=form.target(), told=form.told()), acting_user=user, now=now
        ),
    ),
    Action.APPROVE: ActionScreen(
        forms.ApproveForm,
        _("Kết quả được ghi nhận, thời hạn dừng, hồ sơ về quầy một cửa để trả kết quả."),
        lambda form, user, now: dossiers.approve(
            dossiers.Approve(
                target=form.target(),
                document_number=form.cleaned_data["document_number"],
                note=form.cleaned_data["note"],
                files=form.stored,
            ),
            acting_user=user,
            now=now,
        ),
    ),
    Action.REFUSE: ActionScreen(
        forms.RefuseForm,
        _("Từ chối là một kết quả: người nộp nhận văn bản có lý do dưới đây, trong thời hạn giải quyết."),
        lambda form, user, now: dossiers.refuse(
            dossiers.Refuse(
                target=form.target(),
                reason=form.cleaned_data["reason"],
                document_number=form.cleaned_data["document_number"],
            ),
            acting_user=user,
            now=now,
        ),
        tone="warning",
    ),
    Action.SEND_BACK: ActionScreen(
        forms.ReasonForm,
        _("Hồ sơ trở về người đã làm bước trước; thời hạn vẫn chạy."),
        lambda form, user, now: dossiers.send_back(
            form.target(), reason=form.cleaned_data["reason"], acting_user=user, now=now
        ),
    ),
    Action.REQUEST_SUPPLEMENT: ActionScreen(
        forms.SupplementForm,
        _("Thời hạn tạm dừng. Người nộp nhận phiếu yêu cầu bổ sung và chỉ sửa được các thành phần được đánh dấu."),
        lambda form, user, now: dossiers.request_supplement(
            dossiers.RequestSupplement(
                target=form.target(),
                items=form.marked(),
                reason=form.cleaned_data["reason"],
                legal_basis=form.cleaned_data["legal_basis"],
            ),
            acting_user=user,
            now=now,
        ),
    ),
    Action.EXTEND: ActionScreen(
        forms.ExtendForm,
        _("Người nộp nhận văn bản xin lỗi với ngày hẹn mới. Ngày hẹn đầu tiên vẫn được giữ và vẫn tính trễ hạn."),
        lambda form, user, now: dossiers.extend_deadline(
            dossiers.ExtendDeadline(
                target=form.target(),
                new_due_on=form.cleaned_data["new_day"],
                reason=form.cleaned_data["reason"],
                document=form.cleaned_data["document"],
                legal_basis=form.cleaned_data["legal_basis"],
            ),
            acting_user=user,
            now=now,
        ),
        tone="warning",
    ),
    Action.ASSIGN: ActionScreen(forms.AssignForm, _("Hồ sơ do người được chọn giữ."), _assign),
    Action.RELEASE: ActionScreen(
        forms.ClaimForm,
        _("Hồ sơ trở về hàng chờ chung."),
        lambda form, user, now: dossiers.release(form.target(), acting_user=user, now=now),
        tone="secondary",
        on_page=True,
    ),
    Action.RETURN_RESULT: ActionScreen(
        forms.ReturnForm,
        _("Kết quả được trao; in giấy giao nhận để người nhận ký."),
        lambda form, user, now: dossiers.return_result(
            dossiers.ReturnResult(
                target=form.target(),
                way=ReturnWay(form.cleaned_data["way"]),
                recipient=form.cleaned_data["recipient"],
                proof=form.cleaned_data["proof"],
            ),
            acting_user=user,
            now=now,
        ),
    ),
    Action.STOP: ActionScreen(
        forms.ReasonForm,
        _("Hồ sơ dừng giải quyết; người nộp nhận thông báo có căn cứ dưới đây."),
        lambda form, user, now: dossiers.stop(
            form.target(), reason=form.cleaned_data["reason"], acting_user=user, now=now
        ),
        tone="warning",
    ),
    Action.WITHDRAW: ActionScreen(
        forms.ReasonForm,
        _("Ghi nhận người nộp rút hồ sơ; hồ sơ kết thúc, giấy tờ được trả lại."),
        lambda form, user, now: dossiers.withdraw(
            form.target(), reason=form.cleaned_data["reason"], acting_user=user, now=now
        ),
        tone="warning",
    ),
}

# The field beside which a refusal of a service stands; any other stands above the form.
BESIDE: dict[type[dossiers.DossierRefusal], str] = {
    dossiers.TooLateToExtend: "legal_basis",
    ExtendedBefore: "legal_basis",
    SecondRoundNeedsBasis: "legal_basis",
    NewDayNotLater: "new_day",
    NewDayOff: "new_day",
    NewDayUnknown: "new_day",
    NotThisColleague: "colleague",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that an officer may take now, as the page of a dossier offers it."""

    action: Action
    words: str
    what_happens: str
    form: forms.ActForm
    on_page: bool


def offer(action: Action, dossier: Any) -> Offer:
    """Return an action of a dossier as it is offered."""
    screen = SCREENS[action]
    return Offer(action, words_of(action), str(screen.what_happens), screen.form(dossier=dossier), screen.on_page)


def words_of(action: Action) -> str:
    """Return what an action is called by an officer; some are called otherwise by an applicant."""
    return str(SCREENS[action].words or action.label)
