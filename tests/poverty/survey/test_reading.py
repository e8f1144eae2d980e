from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from lienthong.poverty.survey.answers import computed_from, facts_from, problems_of
from lienthong.poverty.survey.reading import LARGEST_BYTES, Location, SubmissionUnreadable, read_submission
from lienthong.rules.poverty.facts import HouseholdFacts, MemberFacts

VISIT = date(2026, 11, 29)
HEAD = """<full_name>Nguyễn Văn An</full_name><relation>head</relation><sex>male</sex><birth_known>date</birth_known>
<birth_date>1980-02-29</birth_date><age>46</age><has_health_insurance>yes</has_health_insurance>
<qualification>lower_secondary</qualification><work>self_employed</work><job>farm</job><monthly_allowance>none</monthly_allowance>
<is_disabled_or_ill>no</is_disabled_or_ill><receives_pension>no</receives_pension><uses_internet>yes</uses_internet>"""
BABY = """<full_name>Nguyễn Thị Bình</full_name><relation>child</relation><sex>female</sex><birth_known>year</birth_known>
<birth_year>2025</birth_year><age_stated>1</age_stated><age>1</age><has_health_insurance>yes</has_health_insurance>
<nutrition>not_measured</nutrition><monthly_allowance>none</monthly_allowance><is_disabled_or_ill>no</is_disabled_or_ill>"""
HOUSE = """<wall>durable</wall><pillar>not_durable</pillar><roof>durable</roof><housing_area_m2>45.5</housing_area_m2>
<water_source>rain</water_source><toilet>none</toilet><devices>tv phone</devices><waste>treated</waste>"""


def sent(
    *,
    members: tuple[str, ...] = (HEAD, BABY),
    house: str = HOUSE,
    visit: str = "2026-11-29",
    attributes: str = 'id="phieu-b"',
) -> bytes:
    roster = "".join(f"<members>{member}</members>" for member in members)
    return f"""<?xml version="1.0"?><data {attributes} version="2026.1" xmlns:orx="http://openrosa.org/xforms">
<start>2026-11-29T08:30:00.000+07:00</start><end>2026-11-29T08:50:00.000+07:00</end>
<visit><household>TN-001</household><area>rural</area><visited_on>{visit}</visited_on></visit>{roster}
<housing>{house}</housing><b1_asked><asked_motorbike>one</asked_motorbike></b1_asked>
<place><location>21.5928 105.8442 30.0 4.5</location><photo>1732867800.jpg</photo><remarks/></place>
<size>2</size><a_household_size>65</a_household_size><a_points>65</a_points><d_nutrition/><d_hygienic_toilet>1</d_hygienic_toilet>
<deprivations>1</deprivations><b_points/><result>near_poor</result>
<orx:meta><orx:instanceID>uuid:1</orx:instanceID><orx:deprecatedID>uuid:0</orx:deprecatedID></orx:meta></data>""".encode()


def problems(xml: bytes) -> dict[str, str]:
    return dict(problems_of(read_submission(xml).answers, form_id="phieu-b", on=VISIT))


def test_a_submission_says_which_form_who_when_and_where() -> None:
    submission = read_submission(sent())
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    assert (submission.form_id, submission.version, submission.instance_id) == ("phieu-b", "2026.1", "uuid:1")
    assert submission.deprecated_id == "uuid:0"
    assert submission.started_at == datetime(2026, 11, 29, 8, 30, tzinfo=zone)
    assert submission.ended_at == datetime(2026, 11, 29, 8, 50, tzinfo=zone)
    assert submission.location == Location(latitude=21.5928, longitude=105.8442, accuracy_m=4.5)
    assert submission.attachments == ("1732867800.jpg",)


def test_groups_are_opened_members_are_a_list_and_empty_answers_are_absent() -> None:
    answers = read_submission(sent()).answers
    assert answers["household"] == "TN-001"
    assert [member["full_name"] for member in answers["members"]] == ["Nguyễn Văn An", "Nguyễn Thị Bình"]
    assert "remarks" not in answers
    assert "meta" not in answers


def test_one_member_is_a_list_of_one() -> None:
    assert len(read_submission(sent(members=(HEAD,))).answers["members"]) == 1


def test_answers_become_the_facts_that_rules_ask_for() -> None:
    facts = facts_from(read_submission(sent()).answers, on=date(2030, 1, 1))
    assert facts == HouseholdFacts(
        area="rural",
        members=(
            MemberFacts(
                age=46, sex="male", work="self_employed", job="farm", has_health_insurance=True, qualification="lower_secondary",
                monthly_allowance="none", is_disabled_or_ill=False, receives_pension=False, uses_internet=True,
            ),
            MemberFacts(
                age=1, sex="female", has_health_insurance=True, monthly_allowance="none", is_disabled_or_ill=False,
                uses_internet=False,
            ),
        ),
        wall="durable", pillar="not_durable", roof="durable", housing_area_m2=Decimal("45.5"), water_source="rain",
        toilet="none", devices=frozenset({"tv", "phone"}), waste="treated", asked={"motorbike": "one"},
    )  # fmt: skip


def test_no_device_is_known_and_an_unanswered_question_is_not() -> None:
    nothing = read_submission(sent(house="<devices>none</devices>")).answers
    assert facts_from(nothing, on=VISIT).devices == frozenset()
    assert facts_from(read_submission(sent(house="")).answers, on=VISIT).devices is None


def test_whoever_does_not_work_has_no_job() -> None:
    student = HEAD.replace("self_employed", "studying").replace("<job>farm</job>", "")
    assert facts_from(read_submission(sent(members=(student,))).answers, on=VISIT).members[0].job == "none"


@pytest.mark.parametrize(
    ("visit", "age"), [("2026-02-27", 45), ("2026-02-28", 46), ("2028-02-28", 47), ("2028-02-29", 48)]
)
def test_age_counts_to_the_day_of_the_visit_also_from_29_february(visit: str, age: int) -> None:
    assert facts_from(read_submission(sent(visit=visit)).answers, on=VISIT).members[0].age == age


def test_computed_fields_are_numbers_words_or_none() -> None:
    computed = computed_from(read_submission(sent()).answers)
    assert computed["ages"] == [46, 1]
    assert (computed["a_points"], computed["a_household_size"], computed["d_hygienic_toilet"]) == (65, 65, 1)
    assert (computed["b_points"], computed["result"]) == (None, "near_poor")


def test_a_possible_form_has_no_problem() -> None:
    assert problems(sent()) == {}


@pytest.mark.parametrize(
    ("wrong", "path", "says"),
    [
        (sent(visit="2026-11-30"), "visited_on", "29/11/2026"),
        (sent(visit="2026-02-30"), "visited_on", "không có trong lịch"),
        (sent(members=(HEAD.replace("1980-02-29", "1899-12-31"),)), "members[1]/birth_date", "01/01/1900"),
        (sent(members=(HEAD.replace("1980-02-29", "2026-11-30"),)), "members[1]/birth_date", "29/11/2026"),
        (sent(members=(HEAD, BABY.replace("2025</birth_year>", "2020</birth_year>"))), "members[2]/age_stated", "không khớp"),
        (sent(members=(HEAD, BABY.replace("<age_stated>1<", "<age_stated>một<"))), "members[2]/age_stated", "số nguyên"),
        (sent(members=(HEAD, BABY.replace("<age_stated>1<", "<age_stated>121<"))), "members[2]/age_stated", "120"),
        (sent(members=(HEAD.replace("self_employed", "pirate"),)), "members[1]/work", "pirate"),
        (sent(members=(HEAD, HEAD)), "members", "đúng một chủ hộ"),
        (sent(members=(BABY,)), "members", "đúng một chủ hộ"),
        (sent(members=()), "members", "ít nhất một người"),
        (sent(house=HOUSE.replace("45.5", "-3")), "housing_area_m2", "lớn hơn 0"),
        (sent(house=HOUSE.replace("45.5", "45.55")), "housing_area_m2", "một chữ số"),
        (sent(house=HOUSE.replace("45.5", "1000.1")), "housing_area_m2", "1.000"),
        (sent(house=HOUSE.replace("45.5", "NaN")), "housing_area_m2", "không phải số"),
        (sent(house=HOUSE + "<income_per_person>-1</income_per_person>"), "income_per_person", "từ 0"),
        (sent(house=HOUSE + "<income_per_person>1,8 triệu</income_per_person>"), "income_per_person", "số nguyên"),
        (sent(house=HOUSE.replace("rain", "wine")), "water_source", "wine"),
        (sent(house=HOUSE.replace("tv phone", "none tv")), "devices", "bỏ bớt"),
        (sent(house=HOUSE.replace("tv phone", "tv fax")), "devices", "fax"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named_with_its_place(wrong: bytes, path: str, says: str) -> None:
    assert says in problems(wrong)[path]


def nested(depth: int) -> bytes:
    return b'<data id="phieu-b">' + b"<g>" * depth + b"</g>" * depth + b"</data>"


@pytest.mark.parametrize(
    ("xml", "says"),
    [
        (b"", "không đọc được"),
        (b"<data id='phieu-b'><a></data>", "không đọc được"),
        (b"not xml at all", "không đọc được"),
        (b'<?xml version="1.0" encoding="klingon"?><data/>', "không đọc được"),
        (b'<!DOCTYPE d [<!ENTITY a "aaaa">]><data id="phieu-b">&a;</data>', "DTD"),
        (b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><data id="phieu-b"/>', "DTD"),
        (b"<html><body/></html>", "không ghi mã phiếu"),
        (b'<data id="phieu-b"><meta/></data>', "instanceID"),
        (b'<data id="phieu-b"><meta><instanceID>' + b"1" * 201 + b"</instanceID></meta></data>", "dài quá"),
        (nested(40), "lồng quá sâu"),
        (nested(0)[:-7] + b"<a/>" * 20_001 + b"</data>", "quá nhiều mục"),
        (b" " * (LARGEST_BYTES + 1), "2 MB"),
    ],
)
def test_what_is_no_filled_form_is_refused_and_the_device_keeps_its_copy(xml: bytes, says: str) -> None:
    with pytest.raises(SubmissionUnreadable, match=says) as refused:
        read_submission(xml)
    assert "vẫn còn trên máy" in str(refused.value)
