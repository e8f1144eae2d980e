"""What an officer began for a desk is received there as the same dossier, once, by whoever stands at the desk."""

from datetime import date
from uuid import UUID

from lienthong.accounts.models import User
from lienthong.catalogue.states import Channel
from lienthong.dossiers import policies
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.refusals import DossierRefusal
from lienthong.dossiers.states import DossierState
from lienthong.infra.models import Event


class DraftGone(DossierRefusal):
    """The draft is no draft any more, or none of this desk."""

    def __init__(self, received: Dossier | None = None) -> None:
        code = received.code if received is not None else None
        super().__init__(
            f"Bản nháp này đã được tiếp nhận thành hồ sơ {code}. Hãy mở hồ sơ đó, không tiếp nhận lần nữa."
            if code
            else "Không tìm thấy bản nháp này ở nơi bạn làm việc. Có thể đồng nghiệp đã xóa; hãy tiếp nhận hồ sơ mới."
        )


def draft_to_receive(draft_id: UUID, *, procedure_code: str, client_key: UUID, acting_user: User, on: date) -> Dossier:
    """Return a draft, locked; or the dossier it has become, where the command with this key did it.

    Tiếp nhận từ bản nháp của cán bộ.

    Raises:
        DraftGone: The draft was received by another command, was thrown away, or is none of this desk.
    """
    draft = Dossier.objects.select_for_update(of=("self",)).filter(public_id=draft_id).first()
    if draft is None or draft.procedure_code != procedure_code:
        raise DraftGone
    if draft.state != DossierState.DRAFT:
        if Event.objects.filter(client_key=client_key, stream=draft.stream).exists():
            return draft
        is_at_desk = policies.works_at_desk(acting_user, draft.receiving_agency_id or 0, on=on)
        raise DraftGone(draft if is_at_desk else None)
    kept = Dossier.objects.filter(policies.keeps_drafts(acting_user, on=on)).exclude(channel=Channel.ONLINE)
    if not kept.filter(pk=draft.pk).exists():
        raise DraftGone
    return draft
