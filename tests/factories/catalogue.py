"""Procedures and their versions for tests. A version is whole unless something else is asked for."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import factory

from lienthong.catalogue.definition import (
    DecisionData,
    FeeData,
    ItemData,
    ProcedureData,
    ResultData,
    StepData,
    VersionData,
)
from lienthong.catalogue.models import Field, Procedure, ProcedureVersion, Withdrawal
from lienthong.catalogue.services.storage import facts_of, write_parts
from lienthong.catalogue.states import (
    Confidence,
    ItemKind,
    OnlineLevel,
    ReceivingLevel,
    StepKind,
    StepPlace,
    SupplementRule,
    VersionStatus,
)
from lienthong.kernel.text import sort_key
from lienthong.rules.deadlines import Allowance, Unit

SINCE = date(2021, 7, 1)

ITEMS = (
    ItemData(number=1, name="Tờ khai đề nghị", form_code="04", kind=ItemKind.ORIGINAL),
    ItemData(number=2, name="Bản sao giấy chứng tử", kind=ItemKind.COPY, originals=0, copies=1),
    ItemData(number=3, name="Căn cước", kind=ItemKind.PRESENT_ONLY, originals=1),
)

# Five working days at one agency: three to process, one to review, one to decide.
STEPS = (
    StepData(
        number=1,
        name="Tiếp nhận, số hóa và chuyển hồ sơ",
        kind=StepKind.INTAKE,
        role="receiver",
        allowance=Allowance(4, Unit.WORKING_HOUR),
    ),
    StepData(
        number=2,
        name="Thẩm định hồ sơ",
        kind=StepKind.PROCESS,
        role="processor",
        place=StepPlace.COMPETENT,
        agency_level="province",
        allowance=Allowance(3, Unit.WORKING_DAY),
    ),
    StepData(
        number=3,
        name="Lãnh đạo phòng xem xét, trình ký",
        kind=StepKind.REVIEW,
        role="division_head",
        place=StepPlace.COMPETENT,
        agency_level="province",
        allowance=Allowance(1, Unit.WORKING_DAY),
    ),
    StepData(
        number=4,
        name="Lãnh đạo ký, ban hành kết quả",
        kind=StepKind.DECIDE,
        role="leader",
        place=StepPlace.COMPETENT,
        agency_level="province",
        allowance=Allowance(1, Unit.WORKING_DAY),
    ),
    StepData(number=5, name="Trả kết quả", kind=StepKind.RETURN, role="receiver"),
)


def version_data(**changes: Any) -> VersionData:
    """Return a whole version without an error: five working days, three papers, free of charge."""
    whole = VersionData(
        valid_from=SINCE,
        name="Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội",
        decision=DecisionData(number="108/QĐ-LĐTBXH", signed_on=date(2021, 6, 25), issuer="Bộ Lao động"),
        receiving_level=ReceivingLevel.PROVINCE,
        competent_levels=("province",),
        applicants=("citizen",),
        channels=("counter", "online", "post"),
        online_level=OnlineLevel.FULL,
        online_level_then=4,
        online_level_confidence=Confidence.MEMORY,
        allowance=(Allowance(5, Unit.WORKING_DAY),),
        allowance_text="05 ngày làm việc kể từ ngày nhận đủ hồ sơ",
        supplement_rule=SupplementRule.RESTART,
        items=ITEMS,
        steps=STEPS,
        fees=(FeeData(amount=0, note="Miễn phí", valid_from=SINCE),),
        results=(ResultData(number=1, name="Quyết định hỗ trợ chi phí mai táng"),),
        who="Người lo mai táng cho đối tượng bảo trợ xã hội.",
        gives="Khoản hỗ trợ chi phí mai táng, trả một lần.",
        legal_basis=("20/2021/NĐ-CP, Điều 11",),
        source="Văn bản",
        confidence=Confidence.VERIFIED,
    )
    return replace(whole, **changes)


def procedure_data(*versions: VersionData, **changes: Any) -> ProcedureData:
    """Return a procedure of the given versions, or of one whole one."""
    return replace(
        ProcedureData(code="1.001731", field="social-protection", versions=versions or (version_data(),)), **changes
    )


def joint_version_data(**changes: Any) -> VersionData:
    """Return a whole version that goes from the commune to the province: 5 working days, then 12 days."""
    at_commune = {"place": StepPlace.COMPETENT, "agency_level": "commune"}
    at_province = {"place": StepPlace.COMPETENT, "agency_level": "province"}
    steps = (
        STEPS[0],
        StepData(
            number=2, name="Xác minh tại xã", kind=StepKind.PROCESS, role="processor",
            allowance=Allowance(4, Unit.WORKING_DAY), **at_commune,
        ),
        StepData(
            number=3, name="Chủ tịch xã ký, chuyển hồ sơ", kind=StepKind.REVIEW, role="leader",
            allowance=Allowance(1, Unit.WORKING_DAY), **at_commune,
        ),
        StepData(
            number=4, name="Thẩm định tại Sở", kind=StepKind.PROCESS, role="processor",
            allowance=Allowance(10, Unit.CALENDAR_DAY), **at_province,
        ),
        StepData(
            number=5, name="Giám đốc Sở ký", kind=StepKind.DECIDE, role="leader",
            allowance=Allowance(2, Unit.CALENDAR_DAY), **at_province,
        ),
        replace(STEPS[-1], number=6),
    )  # fmt: skip
    whole = version_data(
        name="Giải quyết chế độ trợ cấp thờ cúng liệt sĩ",
        receiving_level=ReceivingLevel.COMMUNE,
        competent_levels=("commune", "province"),
        is_joint=True,
        allowance=(Allowance(5, Unit.WORKING_DAY), Allowance(12, Unit.CALENDAR_DAY)),
        allowance_text="Xã 05 ngày làm việc, Sở 12 ngày",
        steps=steps,
    )
    return replace(whole, **changes)


class FieldFactory(factory.django.DjangoModelFactory[Field]):
    """A field of work."""

    class Meta:
        model = Field
        django_get_or_create = ("code",)

    code = "social-protection"
    name = "Bảo trợ xã hội"
    name_en = "Social protection"
    sort_key = factory.LazyAttribute(lambda field: sort_key(field.name))


class ProcedureFactory(factory.django.DjangoModelFactory[Procedure]):
    """A procedure without a version."""

    class Meta:
        model = Procedure
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda number: f"9.{number:06d}")
    field = factory.SubFactory(FieldFactory)
    code_confidence = Confidence.VERIFIED
    confidence = Confidence.VERIFIED


class VersionFactory(factory.django.DjangoModelFactory[ProcedureVersion]):
    """A published version with its parts; ``says`` is what it says, other arguments are columns of its row.

    ``draft`` is not public yet, ``joint`` goes on from the commune to the province.
    """

    class Meta:
        model = ProcedureVersion

    procedure = factory.SubFactory(ProcedureFactory)
    number = 1
    status = VersionStatus.PUBLISHED
    published_at = datetime(2021, 6, 25, 3, 0, tzinfo=UTC)
    says = factory.LazyFunction(version_data)

    class Params:
        draft = factory.Trait(status=VersionStatus.DRAFT, published_at=None)
        joint = factory.Trait(says=factory.LazyFunction(joint_version_data))

    @classmethod
    def _create(cls, model_class: type[ProcedureVersion], *args: Any, **kwargs: Any) -> ProcedureVersion:
        says: VersionData = kwargs.pop("says")
        version = model_class.objects.create(**{**facts_of(says), **kwargs})
        write_parts([(version, says)])
        return version


class WithdrawalFactory(factory.django.DjangoModelFactory[Withdrawal]):
    """A withdrawal that waits, prepared by nobody who signs in."""

    class Meta:
        model = Withdrawal

    decision_number = "600/QĐ-UBND"
    from_on = date(2100, 1, 1)
    reason = "Luật mới thay thế"
    prepared_by = 0
    prepared_at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
