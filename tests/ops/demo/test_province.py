"""The demo province as a whole: counted as reported, sound, and with work on every desk this morning."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from stdnum.vn import mst

from lienthong.accounts import policies
from lienthong.accounts.health import mandates_not_granted
from lienthong.accounts.models import Mandate, User
from lienthong.accounts.queries import demo_accounts
from lienthong.assistance.health import supports_granted_otherwise
from lienthong.assistance.models import FuneralSupport
from lienthong.catalogue.health import versions_not_as_published
from lienthong.catalogue.models import RequiredItem
from lienthong.documents.integrity import attached_otherwise
from lienthong.documents.models import Attachment, StoredFile
from lienthong.dossiers import integrity, queries, statistics
from lienthong.dossiers.models import Dossier, SubmittedItem
from lienthong.dossiers.services.request import needed_in_some_cases
from lienthong.dossiers.states import OPEN_STATES, DossierState
from lienthong.infra.health import Check
from lienthong.infra.models import Event
from lienthong.kernel.days import BirthDate, local_day, local_moment
from lienthong.kernel.identity import Sex, read_personal_id
from lienthong.ops.demo.papers import RUNNING, pdf_page
from lienthong.ops.demo.province import Scale
from lienthong.people import health
from lienthong.people.models import Organization, Person, Residence
from lienthong.units.health import calendars_not_as_published
from lienthong.units.models import AdministrativeUnit, Agency, UnitSuccession
from tests.databases import Databases
from tests.ops.demo.standing import province_stands

TODAY = date(2026, 11, 23)
TINY = Scale(people=1_500, firms=12, dossiers=120, lately=30, communes=4)


@pytest.fixture(scope="module")
def built(databases: Databases, django_db_blocker: Any) -> Iterator[None]:
    with province_stands(databases, django_db_blocker, TINY, today=TODAY):
        yield


@pytest.fixture
def demo(built: None, db: None) -> None:
    """The small province. ``db`` tells pytest-django that these tests want tables, also when they run alone."""


def received_in_2022() -> Any:
    return Dossier.objects.filter(received_at__year=2022)


@pytest.mark.parametrize(
    "check",
    [mandates_not_granted, attached_otherwise, versions_not_as_published, calendars_not_as_published,
     supports_granted_otherwise],
    ids=lambda check: check.__name__,
)  # fmt: skip
def test_its_tables_say_what_its_log_says(demo: None, check: Check) -> None:
    assert list(check()) == []


class TestTheReportOf2022:
    def test_861_dossiers_of_procedures_that_were_open_online(self, demo: None) -> None:
        assert received_in_2022().filter(version__online_level_then=4).count() == 861
        assert received_in_2022().count() == 861

    def test_587_of_them_were_filed_online(self, demo: None) -> None:
        assert received_in_2022().filter(channel="online").count() == 587

    def test_the_figures_say_so_too_and_all_were_in_time(self, demo: None) -> None:
        (figures,) = statistics.figures(first=date(2022, 1, 1), until=date(2022, 12, 1), now=local_moment(TODAY))

        assert (figures.received, figures.online) == (861, 587)
        assert round(figures.share_online or 0, 4) == 0.6818
        assert figures.late == 0
        assert figures.reconciles

    def test_requests_that_were_not_taken_in_are_not_counted(self, demo: None) -> None:
        refused = Dossier.objects.filter(state=DossierState.REFUSED_INTAKE, submitted_at__year=2022)

        assert refused.count() == 16
        assert not refused.exclude(code=None).exists()

    def test_each_passed_through_the_department_or_ended_before(self, demo: None) -> None:
        elsewhere = [
            dossier.code
            for dossier in received_in_2022().exclude(state=DossierState.WITHDRAWN)
            if "H55.LDTBXH" not in agency_codes(dossier)
        ]

        assert elsewhere == []

    def test_the_version_was_in_force_and_every_officer_had_a_mandate_that_day(self, demo: None) -> None:
        mandates: dict[int, list[Mandate]] = {}
        for mandate in Mandate.objects.order_by("pk"):
            mandates.setdefault(mandate.user_id, []).append(mandate)
        for dossier in received_in_2022().select_related("version"):
            assert dossier.received_at is not None
            version, day = dossier.version, local_day(dossier.received_at)
            assert version.valid_from <= day and (version.valid_until is None or day < version.valid_until)
        acts = Event.objects.filter(name__in=["StepPassed", "DossierApproved"], at__year=2022)
        for event in acts.order_by("pk"):
            held = mandates.get(event.actor_id or 0, [])
            assert any(one.span.contains(local_day(event.at)) for one in held), event


class TestWhatWasInvented:
    def test_every_check_of_the_doctor_is_content(self, demo: None) -> None:
        findings = [
            *integrity.rows_that_differ_from_their_events(),
            *integrity.gaps_in_numbers(),
            *health.wrong_numbers(),
            *health.wrong_units(),
            *health.wrong_households(),
            *health.wrong_name_counts(),
        ]

        assert findings == []

    def test_nothing_happens_today_or_later(self, demo: None) -> None:
        morning = local_moment(TODAY)

        assert not Event.objects.filter(at__gte=morning, stream__startswith="dossier:").exists()

    def test_events_of_a_dossier_come_one_after_the_other(self, demo: None) -> None:
        last: dict[str, Any] = {}
        for event in Event.objects.filter(stream__startswith="dossier:").order_by("stream", "sequence"):
            assert last.get(event.stream) is None or event.at >= last[event.stream], event
            last[event.stream] = event.at

    def test_whoever_prepared_did_not_decide(self, demo: None) -> None:
        prepared: dict[str, set[int | None]] = {}
        for event in Event.objects.filter(stream__startswith="dossier:").order_by("stream", "sequence"):
            if event.name == "StepPassed" and event.payload["from_step"] > 1:
                prepared.setdefault(event.stream, set()).add(event.actor_id)
            if event.name in {"DossierApproved", "DossierRefused"}:
                assert event.actor_id not in prepared.get(event.stream, set()), event

    def test_personal_numbers_fit_their_holders_and_lie_in_the_range_of_the_demo(self, demo: None) -> None:
        for person in Person.objects.order_by("pk"):
            number = read_personal_id(person.personal_id_number)
            assert person.birth_on is not None
            assert number.compare_with(sex=Sex(person.sex), birth_date=BirthDate(person.birth_on)) == ()
            assert number.province_name
            assert person.personal_id_number[6:] >= "900000"

    def test_tax_codes_have_a_right_check_digit_and_no_province(self, demo: None) -> None:
        codes = list(Organization.objects.order_by("pk").values_list("tax_code", flat=True))

        assert len(codes) == TINY.firms
        assert all(mst.is_valid(code) and code.startswith("99") for code in codes)

    def test_people_of_before_the_merger_moved_without_moving_house(self, demo: None) -> None:
        old = Residence.objects.filter(valid_until=date(2025, 7, 1)).select_related("unit")
        heirs: dict[int, set[int]] = {}
        for edge in UnitSuccession.objects.filter(change__on=date(2025, 7, 1)).order_by("pk"):
            heirs.setdefault(edge.predecessor_id, set()).add(edge.successor_id)
        assert old.count() > TINY.people * 0.8
        for residence in old.order_by("pk"):
            new = Residence.objects.get(person=residence.person_id, valid_from=date(2025, 7, 1))
            assert new.unit_id in heirs[residence.unit_id]
            assert new.hamlet == residence.hamlet
            assert new.source == "sáp nhập 2025"

    def test_everybody_lived_in_communes_that_were_there_every_day_since_the_register_opened(self, demo: None) -> None:
        reached: dict[int, date] = {}
        for residence in Residence.objects.select_related("unit").order_by("person", "valid_from"):
            unit = residence.unit
            assert unit.valid_from <= residence.valid_from, residence
            assert unit.valid_until is None or (residence.valid_until or date.max) <= unit.valid_until, residence
            assert reached.get(residence.person_id, residence.valid_from) == residence.valid_from
            reached[residence.person_id] = residence.valid_until or date.max
        assert set(reached.values()) == {date.max}

    def test_divided_communes_were_divided_by_hamlet(self, demo: None) -> None:
        divided = AdministrativeUnit.objects.filter(code__in=["05461", "05467", "05932"], valid_until=date(2025, 7, 1))
        went: dict[tuple[int, str], set[int]] = {}
        for residence in Residence.objects.filter(unit__in=divided).order_by("pk"):
            new = Residence.objects.get(person=residence.person_id, valid_from=date(2025, 7, 1))
            went.setdefault((residence.unit_id, residence.hamlet), set()).add(new.unit_id)

        assert divided.count() == 3
        assert went
        assert all(len(units) == 1 for units in went.values())

    def test_ethnic_groups_live_together(self, demo: None) -> None:
        rows = Counter(Person.objects.order_by("pk").values_list("unit", "ethnicity"))
        shares = []
        for unit in {unit for unit, _group in rows}:
            here = sum(number for (one, _group), number in rows.items() if one == unit)
            if here >= 20:
                shares.append(rows[unit, "Kinh"] / here)

        assert max(shares) - min(shares) > 0.4

    def test_what_a_programme_grants_was_granted_by_its_service(self, demo: None) -> None:
        approved = Dossier.objects.filter(procedure_code="1.001731", outcome="approved")
        granted = FuneralSupport.objects.order_by("pk").values_list("dossier_code", flat=True)

        assert sorted(filter(None, approved.order_by("pk").values_list("code", flat=True))) == sorted(granted)
        assert approved.exists()


class TestThisMorning:
    def test_each_demo_account_says_what_it_is_for(self, demo: None) -> None:
        shown = {account.username: account for account in demo_accounts(on=TODAY)}

        for name in ("motcua", "chuyenvien", "truongphong", "lanhdao", "xa.tiepnhan", "xa.chuyenvien", "xa.lanhdao",
                     "danhmuc", "quantri", "thanhtra", "congdan", "doanhnghiep"):  # fmt: skip
            assert shown[f"demo.{name}"].purpose
            assert shown[f"demo.{name}"].full_name
        assert all(
            User.objects.get(username=name).check_password("lien-thong-2026")
            for name in ("demo.motcua", "demo.congdan")
        )

    @pytest.mark.parametrize(
        ("name", "lists"),
        [
            ("demo.xa.tiepnhan", ["online", "to_return", "awaiting_supplement"]),
            ("demo.motcua", ["online", "to_return", "awaiting_supplement"]),
            ("demo.xa.chuyenvien", ["queue", "due_soon", "overdue"]),
            ("demo.xa.lanhdao", ["queue", "due_soon", "overdue"]),
            ("demo.chuyenvien", ["queue", "due_soon", "overdue"]),
            ("demo.truongphong", ["queue", "due_soon"]),
            ("demo.lanhdao", ["queue", "due_soon", "overdue"]),
        ],
    )
    def test_every_list_of_an_officer_has_something_in_it(self, demo: None, name: str, lists: list[str]) -> None:
        counts = queries.work_counts(User.objects.get(username=name), now=local_moment(TODAY).replace(hour=9))

        assert [one for one in lists if not getattr(counts, one)] == []

    def test_something_is_due_today(self, demo: None) -> None:
        due = Dossier.objects.filter(state__in=OPEN_STATES).exclude(current_due_at=None)

        assert any(local_day(dossier.current_due_at) == TODAY for dossier in due if dossier.current_due_at)

    def test_the_citizen_and_the_firm_have_drafts_and_dossiers_of_their_own(self, demo: None) -> None:
        for name in ("demo.congdan", "demo.doanhnghiep"):
            user = User.objects.get(username=name)
            states = set(queries.own_dossiers(user).order_by("pk").values_list("state", flat=True))
            assert queries.drafts_of(user).count() == 2
            assert {"submitted", "awaiting_supplement"} <= states

    def test_every_kind_of_event_occurs(self, demo: None) -> None:
        told = set(Event.objects.filter(stream__startswith="dossier:").order_by().values_list("name", flat=True))

        assert told >= {
            "DossierSubmitted", "CompletionRequested", "DossierReceived", "IntakeRefused", "StepPassed", "SentBack",
            "DossierClaimed", "SupplementRequested", "SupplementAnswered", "DeadlineExtended", "DossierApproved",
            "DossierRefused", "DossierWithdrawn", "ResultReturned", "DossierRated",
        }  # fmt: skip

    def test_of_what_was_sent_nobody_has_to_ask_whether_a_paper_was_needed(self, demo: None) -> None:
        conditional = {
            (item.version_id, item.number)
            for item in RequiredItem.objects.exclude(condition="").order_by("pk")
            if needed_in_some_cases(item)
        }
        silent = SubmittedItem.objects.filter(is_given=False, is_not_applicable=False).exclude(dossier__state="draft")
        lines = silent.order_by("pk").values_list("dossier__version_id", "number")

        assert SubmittedItem.objects.filter(is_not_applicable=True).exists()
        assert conditional & set(lines) == set()

    def test_whoever_opens_a_running_dossier_finds_a_file_for_each_paper_handed_in(self, demo: None) -> None:
        attached = set(Attachment.objects.order_by("pk").values_list("owner", "role"))
        running = running_where_visitors_sign_in().prefetch_related("items")
        bare = [
            (dossier.stream, item.number)
            for dossier in running
            for item in dossier.items.all()
            if item.is_given and (dossier.stream, f"item:{item.number}") not in attached
        ]

        assert running.count() > 60
        assert bare == []

    def test_a_result_that_waits_to_be_handed_over_is_there(self, demo: None) -> None:
        decided = running_where_visitors_sign_in().filter(state=DossierState.DECIDED)
        with_result = set(Attachment.objects.filter(role="result").order_by("pk").values_list("owner", flat=True))

        assert decided.count() >= 6
        assert {dossier.stream for dossier in decided} <= with_result

    def test_each_file_says_openly_that_it_is_invented(self, demo: None) -> None:
        names = set(StoredFile.objects.order_by("pk").values_list("name", flat=True))

        assert {name for name in names if "(minh họa)" not in name} == set()
        assert b"(Don de nghi) Tj" in pdf_page("Đơn đề nghị")
        assert b"Du lieu minh hoa - khong phai giay to that" in pdf_page("Đơn đề nghị")

    @pytest.mark.parametrize("agency", ["H55.05443", "H55.SNV"])
    def test_some_are_late_some_with_an_apology_and_most_in_time(self, demo: None, agency: str) -> None:
        running = Dossier.objects.filter(state=DossierState.IN_PROGRESS, agency__code=agency)
        morning = local_moment(TODAY)
        late = running.filter(current_due_at__lt=morning)

        assert late.filter(extensions=0).count() >= 3
        assert late.filter(extensions__gt=0).exists()
        assert running.filter(extensions__gt=0, promised_due_at__lt=morning, current_due_at__gt=morning).exists()
        assert late.count() < running.count() / 2

    def test_officers_see_what_waits_for_them(self, demo: None) -> None:
        user = User.objects.get(username="demo.xa.lanhdao")

        assert policies.is_staff(user)
        assert queries.awaiting_decision(user, now=local_moment(TODAY).replace(hour=9)).exists()


def running_where_visitors_sign_in() -> Any:
    return Dossier.objects.filter(state__in=RUNNING, receiving_agency__code__in=["H55.05443", "H55.TTPVHCC"])


def agency_codes(dossier: Dossier) -> set[str]:
    return set(Agency.objects.filter(pk__in=dossier.agency_ids).order_by("pk").values_list("code", flat=True))
