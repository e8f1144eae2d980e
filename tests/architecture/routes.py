"""The addresses of the house, the people who walk them, and somebody else's record behind each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from lienthong.accounts.models import SignIn, User
from lienthong.accounts.states import AccountKind, Role
from lienthong.catalogue import services as catalogue
from lienthong.catalogue.files.yaml_file import write_yaml
from lienthong.catalogue.states import FileFormat
from lienthong.documents import services as documents
from lienthong.documents.links import link_token
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.people.models import Organization
from lienthong.poverty.models import HouseholdReview, ListImport, SubmissionMedia
from lienthong.poverty.services.devices import add_device
from lienthong.poverty.states import SubmissionState
from lienthong.units.models import WorkCalendarVersion
from lienthong.verification import store
from lienthong.verification.models import DuplicatePair, Exchange
from lienthong.verification.services import reviews, thresholds
from lienthong.verification.states import Direction
from tests.documents.specimens import pdf, png, upload
from tests.factories.catalogue import procedure_data
from tests.factories.poverty import (
    CommuneReviewFactory,
    HouseholdReviewFactory,
    ReviewRoundFactory,
    SubmissionFactory,
    VisitFactory,
    VisitFlagFactory,
)
from tests.factories.poverty_standards import AreaDesignationFactory, PointsTableVersionFactory, ProvincialLineFactory
from tests.office.assistance.walked import assistance_routes
from tests.office.new_laws.walked import law_routes
from tests.office.payments.walked import payment_routes
from tests.portal.benefits.walked import benefit_routes
from tests.poverty.village import village_routes
from tests.screens import Browser, enter
from tests.stories import ANOTHER_COMMUNE, claim
from tests.verification.cases import Caseload
from tests.verification.registers import make_batch, make_copy, make_entry, make_register, make_verdict
from tests.world import COMMUNE, FUNERAL_SUPPORT, HOME_AFFAIRS, PROVINCE_DESK, WORK_PERMIT, World, target

OWNER_NAME, OWNER_PHONE, FILE_NAME = "Vi Thị Ngọc Hoẵng", "0987650123", "Tờ khai mai táng của bà Hoẵng.pdf"


@dataclass(frozen=True)
class Route:
    """One address of the URLconf: its full name, and the names of what it takes."""

    name: str
    takes: tuple[str, ...]


@cache
def all_routes() -> tuple[Route, ...]:
    """Return every address that the URLconf knows."""
    return tuple(_routes(get_resolver().url_patterns, "", ()))


def _routes(patterns: Sequence[URLPattern | URLResolver], space: str, takes: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        names = (*takes, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _routes(pattern.url_patterns, inner, names)
        else:
            yield Route(f"{space}{pattern.name or pattern.pattern}", names)


@dataclass
class Stage:
    """A dossier and everything else that belongs to somebody, with the people who come by."""

    world: World
    dossier: Dossier
    users: dict[str, User | None]
    samples: dict[str, Any]
    samples_of: dict[str, dict[str, Any]]

    def address(self, route: Route, **instead: Any) -> str:
        """Return the address of somebody else's record under this route, with some of it replaced."""
        own = {**self.samples_of.get(route.name, {}), **instead}
        missing = [name for name in route.takes if name not in own and name not in self.samples]
        assert not missing, (
            f"{route.name} takes {missing}: give a sample in `set_stage` of tests/architecture/routes.py, a record of "
            "somebody else's that the walk may try to open"
        )
        return reverse(route.name, kwargs={name: own.get(name, self.samples.get(name)) for name in route.takes})

    def browser(self, who: str) -> Browser:
        return enter(self.users[who])

    @property
    def telltales(self) -> dict[str, str]:
        """What only those who may see the dossier should ever read in an answer."""
        facts = {"name": OWNER_NAME, "phone": OWNER_PHONE, "number": self.dossier.code, "file": FILE_NAME}
        return {**facts, "secret": self.dossier.secret}


def set_stage(world: World) -> Stage:
    """Let a citizen's dossier be half way through its commune, and everybody stand around it."""
    owner = world.citizen(OWNER_NAME)
    request = world.request(name=OWNER_NAME, applicant=_applicant(owner))
    dossier = _receive(world, _send(world, owner, request))
    file = documents.store_upload(upload(pdf(text="h"), FILE_NAME), by=owner.pk, now=world.now)
    documents.attach(dossier.stream, "item:1", file, by=owner.pk, now=world.now)
    dossier = claim(world, dossier)
    draft = _draft(world, owner, request)
    documents.attach(draft.stream, "item:1", file, by=owner.pk, now=world.now)
    users = _people(world, owner)
    editor, staff = users["editor"], world.officer(Role.PROCESSOR)
    assert editor is not None
    link = link_token(file.pk, user_id=owner.pk, owner=dossier.stream, now=world.now)
    draft_link = link_token(file.pk, user_id=owner.pk, owner=draft.stream, now=world.now)
    session = _session(world, staff)
    samples = {
        "public_id": dossier.public_id,
        "draft_id": draft.public_id,
        "file_id": file.pk,
        "token": link,
        "number": 1,
        "code": FUNERAL_SUPPORT,
        "kind": "yaml",
        "action": "release",
        "user_id": staff.pk,
        "mandate_id": staff.mandates.get().pk,
        "sign_in_id": session.pk,
        "version_id": catalogue.draft_version(WORK_PERMIT, actor_id=editor.pk, now=world.now).pk,
        "import_id": _staged(world, editor),
        "withdrawal_id": _withdrawal(world, editor),
        "part": "facts",
        "place": 1,
        "position": 1,
        **_verification(world),
        **_poverty_standards(world),
    }
    calendar = {"version_id": WorkCalendarVersion.objects.order_by("id").values_list("pk", flat=True).first()}
    rows = {"part": "steps"}
    samples_of = {
        "office:form": {"code": "receipt"},
        "portal:tracked_form": {"code": "receipt"},
        "portal:draft_file": {"token": draft_link},
        "office:calendar_touched": calendar,
        "office:catalogue_rows": rows,
        "office:catalogue_row": rows,
        "office:catalogue_row_add": rows,
        "office:catalogue_procedure": {"code": WORK_PERMIT},
        "office:catalogue_begin_draft": {"code": WORK_PERMIT},
        "office:catalogue_withdraw": {"code": WORK_PERMIT},
        "office:verification_act": {"action": "correct"},
        "office:poverty_report_table": {"code": "poor"},
        "office:poverty_report_households": {"code": "poor"},
        **village_routes(world),
        **assistance_routes(world),
        **payment_routes(world),
        **benefit_routes(world, owner),
        **law_routes(world),
        **_poverty_rounds(),
        **_survey_routes(world),
        **{
            f"openrosa:{way}{what}": {"token": "A" * 43, "form_id": "phieu-b", "version": "2026110101"}
            for way in ("", "token_")
            for what in ("form_list", "submission", "form", "manifest", "households")
        },
    }
    return Stage(world, dossier, users, samples, samples_of)


def _people(world: World, owner: User) -> dict[str, User | None]:
    firm = Organization.objects.create(
        tax_code="0100233488",
        name="Công ty Chè",
        name_key="cong ty che",
        sort_key="cong ty che",
        unit=None,
        address="Tổ 1",
    )
    return {
        "guest": None,
        "owner": owner,
        "stranger": world.citizen("Lường Văn Lạ"),
        "firm": world.account(AccountKind.ORGANIZATION, "Công ty Chè", organization=firm),
        "unassigned": world.account(AccountKind.STAFF, "Chưa Phân Công"),
        "receiver": world.officer(Role.RECEIVER),
        "processor": world.officer(Role.PROCESSOR),
        "leader": world.officer(Role.LEADER),
        "auditor": world.officer(Role.AUDITOR),
        "receiver elsewhere": world.officer(Role.RECEIVER, ANOTHER_COMMUNE),
        "leader elsewhere": world.officer(Role.LEADER, HOME_AFFAIRS),
        "auditor elsewhere": world.officer(Role.AUDITOR, ANOTHER_COMMUNE),
        "poverty leader": world.officer(Role.LEADER, "H55.SNNMT"),
        "enumerator": world.officer(Role.ENUMERATOR),
        "editor": world.officer(Role.CATALOGUE_EDITOR, PROVINCE_DESK),
        "administrator": world.officer(Role.ADMINISTRATOR),
        "administrator elsewhere": world.officer(Role.ADMINISTRATOR, ANOTHER_COMMUNE),
    }


def _applicant(owner: User) -> Any:
    return dossiers.Applicant(
        name=OWNER_NAME, number="019190007777", phone=OWNER_PHONE, address="Xóm Hoẵng", person_id=owner.person_id
    )


def _draft(world: World, owner: User, request: Any) -> Dossier:
    command = dossiers.SaveDraft(
        procedure_code=FUNERAL_SUPPORT,
        channel="online",
        request=request,
        receiving_agency_id=world.agency(COMMUNE).pk,
    )
    return dossiers.save_draft(command, acting_user=owner, now=world.now)


def _send(world: World, owner: User, request: Any) -> Dossier:
    return dossiers.submit_draft(target(_draft(world, owner, request)), acting_user=owner, now=world.now)


def _receive(world: World, dossier: Dossier) -> Dossier:
    command = dossiers.ReceiveSubmitted(target=target(dossier))
    return dossiers.receive_submitted(command, acting_user=world.officer(Role.RECEIVER), now=world.now)


def _session(world: World, user: User) -> SignIn:
    return SignIn.objects.create(
        user=user, session_key=uuid4().hex, device="Firefox", began_at=world.now, seen_at=world.now
    )


def _staged(world: World, editor: User) -> int:
    content = write_yaml([procedure_data(code="9.900001", field="employment")])
    staged = catalogue.stage_import(
        file_name="thu-tuc.yaml", content=content, file_format=FileFormat.YAML, actor_id=editor.pk, now=world.now
    )
    return int(staged.pk)


def _withdrawal(world: World, editor: User) -> int:
    command = catalogue.PrepareWithdrawal(
        code=WORK_PERMIT, from_on=world.today, reason="Luật mới", decision_number="600/QĐ-UBND"
    )
    return int(catalogue.prepare_withdrawal(command, actor_id=editor.pk, now=world.now).pk)


def _verification(world: World) -> dict[str, int]:
    """Let two records of the commune look like one person, and a batch have a sample and a threshold that waits."""
    register = make_register()
    batch = make_batch(register)
    entries = [make_entry(register, world.agency(COMMUNE).unit) for _number in range(2)]
    for entry in entries:
        make_verdict(batch, entry, snapshot={"full_name": "Ma Thị Lan"})
    pair = DuplicatePair.objects.create(entry=entries[0], other=entries[1], probability=0.9, found_at=world.now)
    specialist = world.officer(Role.PROCESSOR, HOME_AFFAIRS)
    drawn = reviews.draw_sample(reviews.DrawSample(batch_id=batch.pk, size=20), acting_user=specialist, now=world.now)
    choice = thresholds.choose_threshold(
        thresholds.ChooseThreshold(batch_id=batch.pk, threshold=0.95, reason="Mẫu không có lỗi nào"),
        acting_user=specialist,
        now=world.now,
    )
    case = Caseload(world).case()
    copy = make_copy(world.today)
    store.batch_file(batch.pk, "outgoing.csv").write_text("Khóa đối chiếu\n", encoding="utf-8")
    Exchange.objects.create(
        batch=batch,
        direction=Direction.OUTGOING,
        file_sha256="0" * 64,
        file_name="outgoing.csv",
        exchanged_at=world.now,
    )
    return {
        "case_id": case.pk, "pair_id": pair.pk, "batch_id": batch.pk, "choice_id": choice.pk, "sample_id": drawn.pk,
        "copy_id": copy.pk,
    }  # fmt: skip


def _poverty_standards(world: World) -> dict[str, int]:
    """Let a points table, a line and an area wait for the second person, and a list of another commune be staged."""
    unit = world.agency(COMMUNE).unit
    held = ListImport.objects.create(
        unit=unit, file_name="hộ nghèo.xlsx", sha256="0" * 64, valid_from=world.today, signature="0" * 32,
        reading={"heads": [], "preview": [], "rows": 0, "source": "", "notices": [], "skipped": [], "is_remembered": False},
        loaded_by=world.officer(Role.PROCESSOR), loaded_at=world.now,
    )  # fmt: skip
    return {
        "table_id": PointsTableVersionFactory(draft=True).pk, "line_id": ProvincialLineFactory(draft=True).pk,
        "designation_id": AreaDesignationFactory(draft=True, unit=unit).pk, "list_import_id": held.pk,
        "round_id": ReviewRoundFactory(points_table=None).pk,
    }  # fmt: skip


def _survey_routes(world: World) -> dict[str, dict[str, Any]]:
    """Let a household of the commune have been visited, with a photo that somebody else may try to open."""
    commune = CommuneReviewFactory(
        unit=world.agency(COMMUNE).unit, round=ReviewRoundFactory(regular=True, points_table=None), visiting=True
    )
    visit = VisitFactory(review=HouseholdReviewFactory(commune_review=commune))
    photo = documents.store_upload(upload(png(), "nhà.png"), by=None, now=world.now)
    SubmissionMedia.objects.create(submission=visit.submission, name="nhà.png", file=photo)
    own = {"review_id": visit.review_id, "form_id": "phieu-b"}
    names = {"_file": "households.csv", "_photo": "nhà.png"}
    officer = world.officer(Role.PROCESSOR)
    phone = add_device(officer, commune.unit, "Máy của cán bộ", acting_user=officer, now=world.now).device
    version = visit.submission.form_version
    return {
        "office:poverty_form": {"form_id": version.form_id, "version": version.version},
        "office:poverty_form_to_change": {"form_id": version.form_id},
        "office:poverty_revoke_device": {"device_id": phone.pk},
        "office:poverty_visit": {"visit_id": visit.pk},
        "office:poverty_visit_photo": {"visit_id": visit.pk, "name": "nhà.png"},
        "office:poverty_flag": {"flag_id": VisitFlagFactory(visit=visit).pk},
        "office:poverty_set_aside_one": {
            "submission_id": SubmissionFactory(state=SubmissionState.SET_ASIDE, unit=commune.unit).pk
        },
        **{
            f"office:poverty_web_form{what}": {**own, "name": names.get(what, "")}
            for what in ("", "_xml", "_file", "_answers", "_photo")
        },
    }


def _poverty_rounds() -> dict[str, dict[str, Any]]:
    """Return by address the round, the commune's part and the household that the village has just decided on."""
    review = HouseholdReview.objects.order_by("pk").first()
    assert review is not None
    commune = {"review_id": review.commune_review_id}
    household = {"review_id": review.pk, "media_id": 1}
    of_communes = (
        "commune", "commune_act", "totals", "add_household", "requests", "households", "assign", "visit_print",
    )  # fmt: skip
    return {
        **{f"office:poverty_{name}": {**commune, "action": "visits"} for name in of_communes},
        "office:poverty_household": household,
        "office:poverty_photo": household,
        "office:poverty_household_act": {**commune, "household_id": review.pk, "action": "revisit"},
        "office:poverty_round_act": {"action": "close"},
    }


class Walker:
    """One person who tries addresses; whatever a visit does is undone before the next."""

    def __init__(self, stage: Stage, who: str) -> None:
        self.stage, self.who = stage, who
        self.browser: Client = stage.browser(who)
        self.browser.raise_request_exception = False
        self.cookies = {name: morsel.value for name, morsel in self.browser.cookies.items()}

    def visit(self, route: Route, method: str = "get") -> Any:
        """Open an address, or send it an empty form."""
        return self.send(method, self.stage.address(route), {} if method == "post" else None)

    def send(self, method: str, address: str, data: Any = None, **how: Any) -> Any:
        """Send anything anywhere; ``text_sent`` of the answer is what came back."""
        self.browser.cookies = SimpleCookie(self.cookies)
        with transaction.atomic():
            if isinstance(data, bytes):
                answer: Any = self.browser.generic(method.upper(), address, data, **how)
            else:
                answer = getattr(self.browser, method)(address, data, **how)
            answer.text_sent = (b"".join(answer) if answer.streaming else answer.content).decode("utf-8", "ignore")
            transaction.set_rollback(True)
        return answer
