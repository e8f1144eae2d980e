"""One dossier's life told by the services: for what happens today, and to prove that ``Life`` tells the truth."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

from lienthong.accounts.models import User
from lienthong.catalogue.definition import StepData
from lienthong.dossiers import routing
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services import GivenItem, MarkedItem, Request, Target
from lienthong.dossiers.states import ItemMark, ReturnWay, Satisfaction
from lienthong.ops.demo.law import VersionFacts


class Verbs:
    """A dossier that the services keep.

    Args:
        version: The version of the procedure.
        desk_id: Where it is filed.
        request: What the applicant wrote, complete.
        applicant: The account that files online; None at the counter.
    """

    def __init__(self, version: VersionFacts, *, desk_id: int, request: Request, applicant: User | None) -> None:
        self.version, self.desk_id, self.request, self.applicant = version, desk_id, request, applicant
        self._dossier: Dossier | None = None
        self._users: dict[int, User] = {}

    @property
    def dossier(self) -> Dossier:
        """The dossier as it stands."""
        assert self._dossier is not None
        return self._dossier

    @property
    def step(self) -> StepData:
        """The step at which it stands."""
        return routing.step_of(self.dossier)

    @property
    def agency_id(self) -> int:
        """Where it lies; the desk as long as nobody has it."""
        return self._dossier.agency_id or self.desk_id if self._dossier else self.desk_id

    @property
    def holder_id(self) -> int | None:
        """Who has it in hand."""
        return self.dossier.holder_id

    @property
    def due_at(self) -> datetime | None:
        """When it is due now."""
        return self.dossier.current_due_at

    def draft(self, *, at: datetime) -> None:
        """Be begun online."""
        assert self.applicant is not None
        command = dossiers.SaveDraft(
            procedure_code=self.version.code, request=self.request, channel="online", receiving_agency_id=self.desk_id
        )
        self._dossier = dossiers.save_draft(command, acting_user=self.applicant, now=at)

    def submit(self, *, at: datetime) -> None:
        """Be written and sent online."""
        self.draft(at=at)
        assert self.applicant is not None
        self._dossier = dossiers.submit_draft(self._target(), acting_user=self.applicant, now=at)

    def receive(self, *, by: int, at: datetime) -> None:
        """Be received and handed over at once."""
        clerk = self._user(by)
        if self._dossier is not None:
            command = dossiers.ReceiveSubmitted(target=self._target())
            self._dossier = dossiers.receive_submitted(command, acting_user=clerk, now=at)
            return
        self._dossier = dossiers.receive_dossier(
            dossiers.ReceiveDossier(
                procedure_code=self.version.code, receiving_agency_id=self.desk_id, channel="counter",
                request=self.request, client_key=uuid4(),
            ),
            acting_user=clerk,
            now=at,
        )  # fmt: skip

    def refuse_intake(self, *, reason: str, by: int, at: datetime) -> None:
        """Be refused at the desk."""
        command = dossiers.RefuseIntake(target=self._target(), reason=reason)
        self._dossier = dossiers.refuse_intake(command, acting_user=self._user(by), now=at)

    def complete_first(self, *, reason: str, by: int, at: datetime) -> None:
        """Be asked to be completed before it is received."""
        self._dossier = dossiers.request_completion(
            self._target(),
            items=[MarkedItem(self.version.first_paper, ItemMark.WRONG, reason)],
            reason=reason,
            acting_user=self._user(by),
            now=at,
        )

    def claim(self, *, by: int, at: datetime) -> None:
        """Be taken out of the queue."""
        self._dossier = dossiers.claim(self._target(), acting_user=self._user(by), now=at)

    def pass_on(self, *, by: int, at: datetime, proposal: str = "") -> None:
        """Go to the next step."""
        command = dossiers.PassOn(target=self._target(), proposal=proposal)
        self._dossier = dossiers.pass_on(command, acting_user=self._user(by), now=at)

    def send_back(self, *, reason: str, by: int, at: datetime) -> None:
        """Go back to the step before."""
        self._dossier = dossiers.send_back(self._target(), reason=reason, acting_user=self._user(by), now=at)

    def ask(self, *, items: Sequence[int], comment: str, reason: str, by: int, at: datetime) -> None:
        """Wait for the applicant."""
        marked = [MarkedItem(number, ItemMark.WRONG, comment) for number in items]
        command = dossiers.RequestSupplement(target=self._target(), items=marked, reason=reason)
        self._dossier = dossiers.request_supplement(command, acting_user=self._user(by), now=at)

    def answer(self, *, at: datetime) -> None:
        """Get everything that was asked for."""
        given = {item.number: item for item in self.request.items if item.is_given}
        numbers = self.dossier.items.filter(is_open=True).order_by("number").values_list("number", flat=True)
        items = [given.get(number, GivenItem(number=number, copies=1)) for number in numbers]
        secret = "" if self.applicant else self.dossier.secret
        command = dossiers.AnswerSupplement(target=self._target(), items=items, secret=secret)
        self._dossier = dossiers.answer_supplement(command, acting_user=self.applicant, now=at)

    def extend(self, *, new_day: date, reason: str, document: str, by: int, at: datetime) -> None:
        """Be promised for a later day."""
        command = dossiers.ExtendDeadline(target=self._target(), new_due_on=new_day, reason=reason, document=document)
        self._dossier = dossiers.extend_deadline(command, acting_user=self._user(by), now=at)

    def approve(self, *, number: str, by: int, at: datetime) -> None:
        """Be granted."""
        command = dossiers.Approve(target=self._target(), document_number=number)
        self._dossier = dossiers.approve(command, acting_user=self._user(by), now=at)

    def refuse(self, *, reason: str, number: str, by: int, at: datetime) -> None:
        """Be refused in writing."""
        command = dossiers.Refuse(target=self._target(), reason=reason, document_number=number)
        self._dossier = dossiers.refuse(command, acting_user=self._user(by), now=at)

    def stop(self, *, reason: str, by: int, at: datetime) -> None:
        """Be stopped."""
        self._dossier = dossiers.stop(self._target(), reason=reason, acting_user=self._user(by), now=at)

    def withdraw(self, *, reason: str, by: int, at: datetime) -> None:
        """Be taken back."""
        self._dossier = dossiers.withdraw(self._target(), reason=reason, acting_user=self._user(by), now=at)

    def return_result(self, *, by: int, at: datetime) -> None:
        """Be handed over."""
        command = dossiers.ReturnResult(target=self._target(), way=ReturnWay(self.dossier.return_way), recipient="")
        self._dossier = dossiers.return_result(command, acting_user=self._user(by), now=at)

    def rate(self, *, level: Satisfaction, trips: int, comment: str, at: datetime) -> None:
        """Be rated by the applicant."""
        secret = "" if self.applicant else self.dossier.secret
        command = dossiers.RateDossier(target=self._target(), level=level, trips=trips, comment=comment, secret=secret)
        self._dossier = dossiers.rate(command, acting_user=self.applicant, now=at)

    def _target(self) -> Target:
        return Target(dossier_id=self.dossier.pk, seen=self.dossier.sequence, client_key=uuid4())

    def _user(self, user_id: int) -> User:
        if user_id not in self._users:
            self._users[user_id] = User.objects.get(pk=user_id)
        return self._users[user_id]
