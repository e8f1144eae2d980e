"""Everything that the office enters for a person, at the terminal: proposed by one, decided by another, with the same refusals."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.utils import timezone

from lienthong.accounts.states import Role
from lienthong.assistance.models import (
    Circumstance,
    DisabilityCertificate,
    EmergencyGrant,
    Entitlement,
    MeritClaim,
    Proposal,
    Recovery,
    TopUp,
)
from lienthong.assistance.queries import people
from lienthong.assistance.services.changing import stop
from lienthong.assistance.states import ProposalKind
from lienthong.ops.benefits_verbs import VERBS
from lienthong.people.models import Person
from tests.assistance import emergencies, onces
from tests.assistance.known import (
    amount_in,
    disabled,
    granted,
    granted_in_october,
    home_affairs,
    known,
    leader,
    processor,
)
from tests.assistance.terminal import Terminal
from tests.assistance.test_changing import worse
from tests.assistance.test_law_changes import applied, reckoned
from tests.assistance.test_paid_once import decided, receiver
from tests.assistance.test_unfinished_recoveries import another, ended_before_it_was_repaid
from tests.factories.assistance import CircumstanceFactory
from tests.factories.payments import OverpaymentFactory
from tests.factories.people import OrganizationFactory
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db
NUMBER, ANOTHER = "019080000071", "019080000072"
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
WHY = ("--reason", "Theo đơn đề nghị của gia đình")


@pytest.fixture
def terminal(world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    return Terminal(world, capsys)


@pytest.fixture
def row(world: World) -> Entitlement:
    """Somebody who has received since October."""
    return granted_in_october(world, disabled(world, full_name="Ma Thị Một", number=NUMBER))


@pytest.fixture
def heir(world: World) -> Person:
    return receiver(world, full_name="Ma Văn Hai", number=ANOTHER)


class TestBenefits:
    def test_a_benefit_is_granted(self, world: World, terminal: Terminal) -> None:
        person = disabled(world, number=NUMBER)

        proposal = terminal.carried_out("grant", NUMBER, "--benefit", "personal")

        row = Entitlement.objects.get(person=person)
        assert (row.benefit, amount_in(row, NOVEMBER), row.decision_number) == ("personal", 810_000, "31/QĐ-UBND")
        assert (proposal.prepared_by, proposal.decided_by) == (processor(world), leader(world))

    def test_of_merit_the_province_decides(self, world: World, terminal: Terminal) -> None:
        person = known(world, number=NUMBER)
        for name, value in (("merit.lives_at_home", True), ("merit.school", "none")):
            CircumstanceFactory(person=person, name=name, value=value)
        told = ("--category", "war_invalid", "--rate", "61", "--has-especially-severe-condition", "không")

        arguments = ("claim", NUMBER, *told, "--valid-from", "01/11/2026")
        terminal.carried_out(*arguments, decides=home_affairs(world))

        assert MeritClaim.objects.get(person=person).data == {
            "category": "war_invalid", "rate": 61, "has_especially_severe_condition": False,
        }  # fmt: skip
        assert Entitlement.objects.filter(person=person, programme="merit", benefit="monthly").exists()

    def test_it_is_paid_to_a_guardian_who_is_named_twice(self, world: World, terminal: Terminal, heir: Person) -> None:
        person = disabled(world, number=NUMBER)
        to = ("--ground", "guardian", "--payee-number", ANOTHER)
        assert "--payee-name" in terminal.refused("propose", "grant", NUMBER, "--benefit", "personal", *to)
        wrong = ("propose", "grant", NUMBER, "--benefit", "personal", *to, "--payee-name", "Ma Văn Ba")
        assert "Không có ai mang cả số" in terminal.refused(*wrong)

        terminal.carried_out("grant", NUMBER, "--benefit", "personal", *to, "--payee-name", "Ma Văn Hai")

        assert Entitlement.objects.get(person=person).payee == heir

    def test_care_in_an_institution_is_paid_to_it(self, world: World, terminal: Terminal) -> None:
        care = {"in_institution": True, "eligible_for_institution": True}
        person = disabled(world, level="extremely_severe", number=NUMBER, facts=care)
        OrganizationFactory(tax_code="4600123459", unit=world.agency(COMMUNE).unit)
        grant = ("grant", NUMBER, "--benefit", "institution")
        assert "mã số thuế" in terminal.refused("propose", *grant, "--institution", "4600123466")

        terminal.carried_out(*grant, "--institution", "4600123459")

        assert Entitlement.objects.get(person=person).payee_organization is not None

    def test_it_is_suspended_and_resumed(self, terminal: Terminal, row: Entitlement) -> None:
        terminal.carried_out("suspend", NUMBER, "--uncollected-months", "3")
        row.refresh_from_db()
        assert (row.state, row.suspended_from) == ("suspended", DECEMBER)

        terminal.carried_out("resume", NUMBER, "--first-month", "12/2026", *WHY)

        row.refresh_from_db()
        assert (row.state, amount_in(row, DECEMBER)) == ("active", 810_000)

    def test_it_ends_and_is_received_again(self, terminal: Terminal, row: Entitlement) -> None:
        tried = terminal.asked("propose", "stop", NUMBER, "--declined-on", "10/11/2026", "--dry-run")
        assert {"benefit": "personal", "before": 810_000, "after": None} in [
            {name: one[name] for name in ("benefit", "before", "after")} for one in tried["months"]
        ]
        terminal.carried_out("stop", NUMBER, "--declined-on", "10/11/2026")
        row.refresh_from_db()
        assert (row.state, row.last_month) == ("ended", NOVEMBER)

        terminal.carried_out("reinstate", NUMBER, *WHY)

        row.refresh_from_db()
        assert row.state == "active"

    def test_it_is_reckoned_anew(self, world: World, terminal: Terminal, row: Entitlement) -> None:
        assert "không thay đổi" in terminal.refused("propose", "adjust", NUMBER, "--from-month", "11/2026", *WHY)
        worse(row, date(2026, 11, 5))

        terminal.carried_out("adjust", NUMBER, "--from-month", "11/2026", *WHY)

        assert amount_in(row, NOVEMBER) > 810_000

    def test_another_commune_pays_and_its_leader_decides(
        self, world: World, terminal: Terminal, row: Entitlement
    ) -> None:
        there = world.officer(Role.LEADER, ANOTHER_COMMUNE)
        code = world.agency(ANOTHER_COMMUNE).unit.code

        terminal.carried_out("move", NUMBER, "--commune", code, *WHY, decides=there)

        row.refresh_from_db()
        assert row.unit.code == code

    def test_somebody_else_receives_the_money(self, terminal: Terminal, row: Entitlement, heir: Person) -> None:
        to = ("--ground", "authorised", "--payee-number", ANOTHER, "--payee-name", "Ma Văn Hai")

        terminal.carried_out("payee", NUMBER, *to, *WHY)

        row.refresh_from_db()
        assert (row.payee, row.payee_ground) == (heir, "authorised")

    def test_what_was_paid_too_much_is_kept_back(self, terminal: Terminal, row: Entitlement) -> None:
        plan = ("--monthly", "200.000", "--first-month", "12/2026", *WHY)
        assert "đúng một trong" in terminal.refused("propose", "recover", NUMBER, *plan)

        terminal.carried_out("recover", NUMBER, "--amount", "600.000", *plan)

        found = Recovery.objects.get(entitlement=row)
        assert (found.amount, found.monthly) == (600_000, 200_000)

    def test_what_runs_found_overpaid_is_named(self, terminal: Terminal, row: Entitlement) -> None:
        over = OverpaymentFactory(
            person=row.person, source=row.programme, benefit=row.benefit, for_month=NOVEMBER, amount=400_000
        )
        plan = ("--monthly", "200000", "--first-month", "12/2026", *WHY)
        assert str(over.pk) in terminal.refused("propose", "recover", NUMBER, "--overpayments", "999999", *plan)
        assert "chi thừa" in terminal.refused("propose", "recover", NUMBER, "--amount", "400000", *plan)

        terminal.carried_out("recover", NUMBER, "--overpayments", str(over.pk), *plan)

        assert Recovery.objects.get(entitlement=row).amount == 400_000

    def test_what_is_left_of_another_recovery_is_kept_back_here(self, world: World, terminal: Terminal) -> None:
        ended = ended_before_it_was_repaid(world)
        Person.objects.filter(pk=ended.person_id).update(personal_id_number=NUMBER)
        received = another(ended)
        (left,) = terminal.asked("show", NUMBER)["recoveries"]
        assert (left["benefit"], left["kept"], left["left"]) == ("personal", 300_000, 600_000)
        plan = ("--monthly", "200000", "--first-month", "02/2027", *WHY)
        assert str(left["id"]) in terminal.refused("propose", "recover", NUMBER, "--instead-of", "999999", *plan)

        terminal.carried_out("recover", NUMBER, "--instead-of", str(left["id"]), *plan)

        found = Recovery.objects.get(entitlement=received)
        assert (found.amount, found.monthly) == (600_000, 200_000)

    def test_of_several_benefits_one_is_named(self, world: World, terminal: Terminal) -> None:
        person = disabled(world, number=NUMBER, facts={"is_pregnant": True}, since=date(2026, 1, 10))
        for benefit in ("personal", "own_support"):
            granted(world, person, benefit)
        end = ("--declined-on", "10/11/2026")
        assert "nêu --benefit" in terminal.refused("propose", "stop", NUMBER, *end)

        terminal.carried_out("stop", NUMBER, "--benefit", "own_support", *end)

        assert Entitlement.objects.get(person=person, benefit="own_support").state == "ended"
        assert "Không thể đề xuất" in terminal.refused("propose", "stop", NUMBER, "--benefit", "own_support", *end)
        assert "không có khoản này" in terminal.refused("propose", "stop", NUMBER, "--benefit", "carer", *end)


class TestDeaths:
    def test_a_death_is_recorded_and_taken_back(self, terminal: Terminal, row: Entitlement) -> None:
        died = ("propose", "death", NUMBER, "--died-on", "12/11/2026", "--paper", "Trích lục khai tử số 12/TLKT")
        assert terminal.asked(*died, "--dry-run")["recorded"] is False
        row.person.refresh_from_db()
        assert row.person.died_on is None

        assert terminal.asked(*died)["recorded"] is True

        row.refresh_from_db()
        row.person.refresh_from_db()
        assert (row.person.died_on, row.last_month) == (date(2026, 11, 12), NOVEMBER)
        assert "12/11/2026" in terminal.refused(*died[:4], "11/11/2026", *died[5:])

        terminal.carried_out("no-death", NUMBER, *WHY)

        row.person.refresh_from_db()
        assert row.person.died_on is None

    @pytest.mark.parametrize("kind", ["funeral", "at-death", "emergency"])
    def test_what_was_decided_once_is_paid_to_another_and_taken_back(
        self, world: World, terminal: Terminal, heir: Person, kind: str
    ) -> None:
        payee = receiver(world, full_name="Ma Thị Một", number=NUMBER)
        dead = emergencies.dweller(world, number="019080000073", died_on=date(2026, 11, 10))
        grant = decided(world, kind, payee, deceased=dead)
        of = NUMBER if kind == "emergency" else "019080000073"
        merit = kind == "at-death"
        by = world.officer(Role.PROCESSOR, HOME_AFFAIRS) if merit else processor(world)
        decides = home_affairs(world) if merit else leader(world)
        which = ("--decision", kind, "--id", str(grant.pk), *WHY)
        to = ("--payee-number", ANOTHER, "--payee-name", "Ma Văn Hai")
        ground = ("--ground", "household") if kind == "emergency" else ()

        terminal.carried_out("once-payee", of, *which, *to, *ground, by=by, decides=decides)
        grant.refresh_from_db()
        assert grant.payee == heir
        terminal.carried_out("revoke", of, *which, by=by, decides=decides)

        grant.refresh_from_db()
        assert grant.withdrawn_at is not None
        assert "thu hồi" in terminal.refused("propose", "revoke", of, *which, by=by)
        assert "Không có mục này" in terminal.refused("propose", "revoke", ANOTHER, *which, by=by)

    def test_what_a_new_law_adds_is_paid_on_top(self, world: World, terminal: Terminal) -> None:
        grant = onces.funeral(world)
        of = Person.objects.get(pk=grant.deceased_id).personal_id_number or ""
        which = ("top-up", of, "--decision", "funeral", "--id", str(grant.pk), *WHY)
        assert terminal.refused("propose", *which)
        applied(world, reckoned(world))

        terminal.carried_out(*which)

        top_up = TopUp.objects.get()
        assert (top_up.before, top_up.amount) == (onces.BEFORE["funeral"], 800_000)
        assert terminal.refused("propose", *which)


class TestEmergencies:
    MET = ("--listed-on", "10/11/2026", "--met-on", "15/11/2026")

    def test_somebody_injured_is_helped(self, world: World, terminal: Terminal) -> None:
        person = emergencies.dweller(world, number=NUMBER)
        hurt = (
            "--cause",
            "natural_disaster",
            "--treated-days",
            "5",
            "--at-residence",
            "có",
            "--happened-on",
            "08/11/2026",
        )

        terminal.carried_out("emergency", NUMBER, "--kind", "injury", *hurt, *self.MET)

        grant = EmergencyGrant.objects.get(person=person)
        assert (grant.kind, grant.decision_number) == ("injury", "31/QĐ-UBND")
        assert grant.amount > 0

    def test_the_facts_stand_in_a_file(self, world: World, terminal: Terminal, tmp_path: Path) -> None:
        _home, (person, *_others) = emergencies.household(world)
        Person.objects.filter(pk=person.pk).update(personal_id_number=NUMBER)
        facts: dict[str, Any] = {
            "kind": "rice", "cause": "natural_disaster", "is_short_of_food": True, "persons": 2, "months": 1,
            "happened_on": "08/11/2026", "listed_on": "10/11/2026", "met_on": "2026-11-15",
        }  # fmt: skip
        file = tmp_path / "gao.json"
        file.write_text(json.dumps(facts), encoding="utf-8")

        terminal.carried_out("emergency", NUMBER, "--facts", str(file), "--months", "2")

        grant = EmergencyGrant.objects.get(person=person)
        assert (grant.kind, grant.rice_kg) == ("rice", 60)
        out = ("propose", "handed-out", NUMBER, "--id", str(grant.pk), "--handed-out-on")
        assert "đến hôm nay" in terminal.refused(*out, "17/11/2026")
        assert terminal.asked(*out, "16/11/2026")["recorded"] is True
        grant.refresh_from_db()
        assert grant.state == "handed_out"
        jsonschema.validate(facts, terminal_schema(terminal)["$defs"]["emergency"])

    def test_whoever_takes_somebody_in_for_a_time_is_paid(self, world: World, terminal: Terminal, heir: Person) -> None:
        person = emergencies.dweller(world, number=NUMBER)
        days = ("--from-day", "01/11/2026", "--until-day", "11/11/2026", "--happened-on", "01/11/2026")
        carer = ("--payee-number", ANOTHER, "--payee-name", heir.full_name)
        taken_in = ("emergency", NUMBER, "--kind", "protection", "--group", "vagrant", *days)
        assert "--payee-number" in terminal.refused("propose", *taken_in)

        terminal.carried_out(*taken_in, *carer)

        grant = EmergencyGrant.objects.get(person=person)
        assert (grant.kind, grant.payee, grant.amount) == ("protection", heir, 600_000)

    def test_a_burial_is_paid_to_whoever_buries(self, world: World, terminal: Terminal, heir: Person) -> None:
        emergencies.dweller(world, number=NUMBER, died_on=date(2026, 11, 8))
        died = ("--cause", "natural_disaster", "--buried-by-others", "false", "--happened-on", "08/11/2026")
        death = ("emergency", NUMBER, "--kind", "death", *died)
        assert "--payee-number" in terminal.refused("propose", *death)
        wrong = ("propose", *death, "--ground", "self")
        assert "household, burier, authorised" in terminal.refused(*wrong)
        assert "đã chết" in terminal.refused("propose", "emergency", NUMBER, "--kind", "rice", *died)

        terminal.carried_out(*death, "--payee-number", ANOTHER, "--payee-name", "Ma Văn Hai")

        assert EmergencyGrant.objects.get().payee == heir

    def test_a_fact_of_another_kind_is_refused(self, world: World, terminal: Terminal) -> None:
        emergencies.dweller(world, number=NUMBER)
        wrong = ("--kind", "injury", "--cause", "fire", "--damage", "lost", "--happened-on", "08/11/2026")

        assert "damage: không có mục này" in terminal.refused("propose", "emergency", NUMBER, *wrong)
        late = ("--kind", "injury", "--cause", "fire", "--happened-on", "08/11/2026", "--met-on", "09/11/2026")
        assert "Ngày họp thôn" in terminal.refused("propose", "emergency", NUMBER, *late, "--listed-on", "10/11/2026")


class TestFacts:
    def test_a_fact_is_recorded_corrected_ended_and_withdrawn(self, world: World, terminal: Terminal) -> None:
        person = emergencies.dweller(world, number=NUMBER)
        fact = (
            "propose",
            "fact",
            NUMBER,
            "--name",
            "pension",
            "--evidence",
            "Sổ hưu số 5",
            "--valid-from",
            "01/07/2025",
        )
        terminal.asked(*fact, "--value", "0", "--dry-run")
        assert not Circumstance.objects.filter(person=person).exists()

        assert terminal.asked(*fact, "--value", "0")["recorded"] is True
        one = Circumstance.objects.get(person=person)
        assert one.value == 0
        right = ("--value", "500000", "--valid-from", "01/07/2025", "--evidence", "Sổ hưu số 5", *WHY)
        terminal.asked("propose", "fact-correct", NUMBER, "--id", str(one.pk), *right)
        new = Circumstance.objects.get(person=person, withdrawn_at=None)
        assert new.value == 500_000
        terminal.asked("propose", "fact-end", NUMBER, "--id", str(new.pk), "--last-day", "31/10/2026")
        new.refresh_from_db()
        assert new.valid_until == NOVEMBER
        terminal.asked("propose", "fact-withdraw", NUMBER, "--id", str(new.pk), *WHY)

        assert not Circumstance.objects.filter(person=person, withdrawn_at=None).exists()

    def test_many_answers_are_recorded_together_or_not_at_all(self, world: World, terminal: Terminal) -> None:
        person = emergencies.dweller(world, number=NUMBER)
        paper = ("--valid-from", "01/07/2025", "--evidence", "Biên bản xác minh")
        facts = ("propose", "facts", NUMBER, *paper, "--pension", "0", "--has-hiv", "không")
        assert "Chưa trả lời câu nào" in terminal.refused(*facts[:7])
        assert "không có mã “gold”" in terminal.refused(*facts, "--marital", "gold")
        assert not Circumstance.objects.filter(person=person).exists()

        terminal.asked(*facts, "--marital", "widowed", "--children", "[]")

        assert dict(Circumstance.objects.filter(person=person).values_list("name", "value")) == {
            "pension": 0, "has_hiv": False, "marital": "widowed", "children": [],
        }  # fmt: skip

    def test_what_changes_money_proposes_an_adjustment(self, terminal: Terminal, row: Entitlement) -> None:
        paper = ("--level", "extremely_severe", "--kind", "sight", "--number", "9/GXN", "--issued-on", "10/11/2026")
        certificate = ("propose", "certificate", NUMBER, *paper)
        (tried,) = terminal.asked(*certificate, "--dry-run")["proposals"]
        assert (tried["id"], Proposal.objects.filter(state="pending").exists()) == (None, False)

        (adjust,) = terminal.asked(*certificate)["proposals"]

        assert (adjust["kind"], adjust["words"], amount_in(row, DECEMBER)) == ("adjust", tried["words"], 810_000)
        terminal.decided(adjust["id"])
        assert amount_in(row, DECEMBER) == 1_080_000

    def test_children_stand_in_a_file(self, world: World, terminal: Terminal, tmp_path: Path) -> None:
        person = emergencies.dweller(world, number=NUMBER)
        file = tmp_path / "con.yaml"
        file.write_text(
            "name: children\nvalue:\n  - {birth_date: 2015-01-01, is_studying: true}\n"
            "valid_from: 01/07/2025\nevidence: Giấy khai sinh số 12\n",
            encoding="utf-8",
        )

        terminal.asked("propose", "fact", NUMBER, "--facts", str(file))

        assert Circumstance.objects.get(person=person).value == [{"birth_date": "2015-01-01", "is_studying": True}]

    def test_a_certificate_is_recorded_and_withdrawn(self, world: World, terminal: Terminal) -> None:
        person = known(world, number=NUMBER, facts={"disability": None})
        paper = ("--level", "severe", "--kind", "movement", "--number", "12/GXN", "--issued-on", "10/11/2026")
        issued = ("--issued-by", world.agency(COMMUNE).unit.code)

        terminal.asked("propose", "certificate", NUMBER, *paper, *issued)
        one = DisabilityCertificate.objects.get(person=person)
        assert (one.level, one.issued_by) == ("severe", world.agency(COMMUNE).unit)
        terminal.asked("propose", "certificate-withdraw", NUMBER, "--id", str(one.pk), *WHY)

        one.refresh_from_db()
        assert one.withdrawn_at is not None


class TestRefusals:
    def test_every_verb_refuses_somebody_without_a_mandate_there(
        self, world: World, terminal: Terminal, row: Entitlement
    ) -> None:
        elsewhere = world.officer(Role.PROCESSOR, ANOTHER_COMMUNE)
        for verb in VERBS:
            assert "ở xã, phường bạn phụ trách" in terminal.refused("propose", verb, NUMBER, by=elsewhere)

    def test_who_only_looks_proposes_nothing(self, world: World, terminal: Terminal, row: Entitlement) -> None:
        auditor = world.officer(Role.AUDITOR)
        assert "Chỉ cán bộ phụ trách" in terminal.refused(
            "propose", "stop", NUMBER, "--declined-on", "10/11/2026", by=auditor
        )
        died = ("--died-on", "12/11/2026", "--paper", "Trích lục khai tử")
        assert "Chỉ cán bộ phụ trách" in terminal.refused("propose", "death", NUMBER, *died, by=auditor)
        assert people.get_entitlement(row.pk, as_=auditor, on=world.today) == row

    def test_what_is_missing_is_named_all_at_once(self, terminal: Terminal, row: Entitlement) -> None:
        said = terminal.refused("propose", "recover", NUMBER)
        assert "--monthly" in said and "--first-month" in said and "--reason" in said

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("grant", "12"), "12"),
            (("grant", "019080099999"), "Không có người mang số"),
            (("grant", NUMBER, "--benefit", "gold"), "Mục benefit: không có mã “gold”"),
            (("adjust", NUMBER, "--from-month", "13/2026", *WHY), "Mục from_month: “13/2026” không phải một tháng"),
            (("stop", NUMBER, "--died-on", "31/02/2026"), "Mục died_on"),
            (("stop", NUMBER), "đúng một trong"),
            (("stop", NUMBER, "--declined-on", "10/11/2026", "--missing-on", "10/11/2026"), "đúng một trong"),
            (("suspend", NUMBER, "--uncollected-months", "-1"), "Mục uncollected_months"),
            (("suspend", NUMBER, "--uncollected-months", "1"), "Chưa đủ căn cứ"),
            (("resume", NUMBER, "--first-month", "12/2026", *WHY), "Không thể đề xuất “hưởng trở lại”"),
            (("reinstate", NUMBER, *WHY), "Không thể đề xuất"),
            (("move", NUMBER, "--commune", "99999", *WHY), "99999"),
            (("no-death", NUMBER, *WHY), "không được ghi là đã chết"),
            (("recover", NUMBER, "--amount", "12,5", "--monthly", "1", "--first-month", "12/2026", *WHY), "amount"),
            (("recover", NUMBER, "--amount", "5", "--monthly", "9", "--first-month", "12/2026", *WHY), "lớn hơn 0"),
            (("fact-end", NUMBER, "--id", "999999", "--last-day", "01/11/2026"), "Không có mục này"),
            (("grant", NUMBER, "--benefit", "personal"), "đang hưởng khoản này"),
            (("claim", NUMBER, "--category", "hero", "--rate", "5", "--valid-from", "01/11/2026"), "không hỏi: rate"),
            (("grant", NUMBER, "--facts", "khong-co.yaml"), "Không mở được tệp"),
            (("grant", NUMBER, "--benefit", "personal", "--first-month", "a\x00b"), "first_month"),
            (("fact-end", NUMBER, "--id", "9" * 20, "--last-day", "01/11/2026"), "Mục id"),
            (("grant", NUMBER, "--benefit", "personal", "--payee-name", "x" * 200), "Mục payee_name"),
            ((), "Chưa nêu việc"),
        ],
    )
    def test_what_cannot_be_is_one_sentence(
        self, terminal: Terminal, row: Entitlement, arguments: tuple[str, ...], says: str
    ) -> None:
        if arguments:
            said = terminal.refused("propose", *arguments)
        else:
            code, said = terminal.run("propose")
            assert code == 2
        assert says in said

    def test_what_cannot_be_in_a_file_is_named(self, terminal: Terminal, row: Entitlement, tmp_path: Path) -> None:
        file = tmp_path / "sai.yaml"
        for text, says in (
            ("benefits: personal\n", "mục benefits: không có mục này"),
            ("benefit: [personal]\n", "Mục benefit: không có mã"),
            ("benefit: personal\npayee_name: {a: 1}\n", "Mục payee_name"),
            ("benefit: personal\nbenefit: carer\n", "sai.yaml: Dòng 2"),
            ("- personal\n", "sai.yaml: Tệp phải gồm"),
            ("a: &x 1\nb: *x\n", "dấu neo"),
        ):
            file.write_text(text, encoding="utf-8")
            assert says in terminal.refused("propose", "grant", NUMBER, "--facts", str(file))

    @pytest.mark.parametrize("username", ["", "khong.co"])
    def test_nobody_proposes_without_an_account(self, terminal: Terminal, row: Entitlement, username: str) -> None:
        who = ("--as", username) if username else ()
        code, said = terminal.run("propose", "stop", NUMBER, "--declined-on", "10/11/2026", *who)
        assert code == 2
        assert "--as" in said or "khong.co" in said

    def test_the_same_is_not_proposed_twice(self, terminal: Terminal, row: Entitlement) -> None:
        end = ("propose", "stop", NUMBER, "--declined-on", "10/11/2026")
        terminal.asked(*end)

        assert "đang chờ duyệt" in terminal.refused(*end)

    def test_an_ended_benefit_goes_to_another_payee_only_where_the_first_has_died(
        self, world: World, terminal: Terminal, row: Entitlement, heir: Person
    ) -> None:
        stop(row, last_month=NOVEMBER, reason="Từ chối nhận", acting_user_id=None, now=world.now)
        to = ("--ground", "authorised", "--payee-number", ANOTHER, "--payee-name", "Ma Văn Hai")

        assert "Không thể đề xuất" in terminal.refused("propose", "payee", NUMBER, *to, *WHY)


def terminal_schema(terminal: Terminal) -> Any:
    code, words = terminal.run("propose", "--schema")
    assert code == 0
    return json.loads(words)


def test_the_schema_describes_every_verb(terminal: Terminal) -> None:
    schema = terminal_schema(terminal)

    assert set(schema["$defs"]) == set(VERBS)
    for one in schema["$defs"].values():
        jsonschema.Draft202012Validator.check_schema(one)
    stop_schema = schema["$defs"]["stop"]
    jsonschema.validate({"died_on": "12/11/2026"}, stop_schema)
    for wrong in ({}, {"died_on": "1", "missing_on": "2"}, {"dead": 1, "died_on": "1"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, stop_schema)


def test_every_kind_of_proposal_has_a_verb() -> None:
    named = {
        "claim": ProposalKind.MERIT_CLAIM, "payee": ProposalKind.CHANGE_PAYEE, "no-death": ProposalKind.WITHDRAW_DEATH,
        "revoke": ProposalKind.REVOKE_ONCE, "once-payee": ProposalKind.NAME_PAYEE,
        "top-up": ProposalKind.TOP_UP,
    }  # fmt: skip

    assert set(ProposalKind.values) <= {str(named.get(name, name)) for name in VERBS}
