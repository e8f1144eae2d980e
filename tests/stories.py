"""What happens to dossiers of the world, one call each, at the moment that the world calls now."""

from datetime import date

from lienthong.accounts.states import Role
from lienthong.documents.services import store_upload
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services import GivenItem, MarkedItem
from lienthong.dossiers.states import ItemMark, ReturnWay
from lienthong.units.models import Agency
from tests.documents.specimens import pdf, upload
from tests.world import COMMUNE, FUNERAL_SUPPORT, World, target

ANOTHER_COMMUNE = "H55.05467"


def file_online(world: World, name: str = "Nguyễn Thị Ngọc Ỷ", *, desk: str = COMMUNE) -> Dossier:
    """A citizen sends a complete request through the portal."""
    citizen = world.citizen(name)
    command = dossiers.SaveDraft(
        procedure_code=FUNERAL_SUPPORT,
        channel="online",
        request=world.request(name=name),
        receiving_agency_id=world.agency(desk).pk,
    )
    draft = dossiers.save_draft(command, acting_user=citizen, now=world.now)
    return dossiers.submit_draft(target(draft), acting_user=citizen, now=world.now)


def receive_online(world: World, name: str = "Nguyễn Thị Ngọc Ỷ") -> Dossier:
    """The desk receives what a citizen has sent."""
    command = dossiers.ReceiveSubmitted(target=target(file_online(world, name)))
    return dossiers.receive_submitted(command, acting_user=world.officer(Role.RECEIVER), now=world.now)


def claim(world: World, dossier: Dossier, *, by: Role = Role.PROCESSOR) -> Dossier:
    return dossiers.claim(target(dossier), acting_user=world.officer(by, _agency(dossier)), now=world.now)


def ask(world: World, dossier: Dossier, *, basis: str = "") -> Dossier:
    """The officer asks for the second paper once more; the clock stands."""
    command = dossiers.RequestSupplement(
        target=target(dossier), items=[MarkedItem(2, ItemMark.WRONG, "mờ")], reason="Giấy chứng tử mờ", legal_basis=basis
    )  # fmt: skip
    return dossiers.request_supplement(
        command, acting_user=world.officer(Role.PROCESSOR, _agency(dossier)), now=world.now
    )


def answer(world: World, dossier: Dossier) -> Dossier:
    """The applicant hands it in."""
    command = dossiers.AnswerSupplement(
        target=target(dossier), items=[GivenItem(number=2, copies=1)], secret=dossier.secret
    )
    return dossiers.answer_supplement(command, acting_user=None, now=world.now)


def extend(world: World, dossier: Dossier, to: date) -> Dossier:
    """The leader apologises and promises a later day."""
    command = dossiers.ExtendDeadline(
        target=target(dossier), new_due_on=to, reason="Chờ xác minh", document="12/UBND-VP"
    )
    return dossiers.extend_deadline(command, acting_user=world.officer(Role.LEADER, _agency(dossier)), now=world.now)


def refuse(world: World, dossier: Dossier) -> Dossier:
    dossier = world.to_decision(dossier, now=world.now)
    command = dossiers.Refuse(target=target(dossier), reason="Không thuộc đối tượng được hỗ trợ")
    return dossiers.refuse(command, acting_user=world.decider(dossier), now=world.now)


def approve(world: World, dossier: Dossier) -> Dossier:
    return world.approve(dossier, now=world.now)


def hand_over(world: World, dossier: Dossier) -> Dossier:
    command = dossiers.ReturnResult(target=target(dossier), way=ReturnWay.COUNTER, recipient=dossier.applicant_name)
    desk = Agency.objects.get(pk=dossier.receiving_agency_id).code
    return dossiers.return_result(command, acting_user=world.officer(Role.RECEIVER, desk), now=world.now)


def stop(world: World, dossier: Dossier) -> Dossier:
    leader = world.officer(Role.LEADER, _agency(dossier))
    return dossiers.stop(target(dossier), reason="Người đề nghị đã chết", acting_user=leader, now=world.now)


def withdraw(world: World, dossier: Dossier) -> Dossier:
    return dossiers.withdraw(target(dossier), acting_user=None, secret=dossier.secret, now=world.now)


def with_file(world: World, dossier: Dossier, *, number: int = 1, name: str = "Tờ khai.pdf") -> str:
    """Attach a scan to a paper of a received dossier; its id is returned."""
    from lienthong.documents import services as documents

    stored = store_upload(upload(pdf(text=f"{dossier.code} {name}"), name), by=None, now=world.now)
    documents.attach(dossier.stream, f"item:{number}", stored, by=None, now=world.now)
    return str(stored.pk)


def _agency(dossier: Dossier) -> str:
    return Agency.objects.get(pk=dossier.agency_id).code
