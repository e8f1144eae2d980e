"""Tables of people, their dated facts, households and organisations."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from lienthong.people.states import (
    BirthPrecision,
    ConditionKind,
    HouseholdRelation,
    IdentityKind,
    ResidenceKind,
    Sex,
)
from lienthong.units.models import AdministrativeUnit, DatedQuerySet, ValidSpan


class KindAndNumber(Func):
    """Kind and number of an identity as one whole number of 64 bits.

    An exclusion over texts takes thirty times as long to build, and the planner would choose its index where the plain
    one is meant. That two numbers share a hash happens once in 2^64 pairs, and is then refused, not overlooked.
    """

    function = "hashtextextended"
    template = "%(function)s(%(expressions)s, 0)"
    arg_joiner = " || "
    output_field = models.BigIntegerField()

    def __init__(self) -> None:
        super().__init__(F("kind"), F("number"))


def span_ends_after_it_begins(name: str) -> models.CheckConstraint:
    """Refuse an empty span, which would overlap nothing and so pass every exclusion."""
    return models.CheckConstraint(
        condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
        name=name,
        violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
    )


class Person(models.Model):
    """A natural person. Cá nhân; hồ sơ cá nhân.

    ``name_key`` is the folded name that search compares. ``personal_id_number``, ``unit`` and ``household_code`` repeat
    the dated facts, for lists and search: the number held, the commune lived in (or lived in last) and the household
    belonged to. The dated tables are the truth, and only services write both.
    """

    full_name = models.CharField(_("họ và tên"), max_length=120)
    name_key = models.CharField(max_length=120, editable=False)
    sort_key = models.CharField(max_length=400, editable=False, db_collation="C")
    sex = models.CharField(_("giới tính"), max_length=8, choices=Sex.choices)
    birth_on = models.DateField(_("ngày sinh"), null=True)
    birth_precision = models.CharField(
        _("độ chính xác"), max_length=5, choices=BirthPrecision.choices, default=BirthPrecision.DAY
    )
    ethnicity = models.CharField(_("dân tộc"), max_length=30, blank=True)
    died_on = models.DateField(_("ngày chết"), null=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    personal_id_number = models.CharField(_("số định danh cá nhân"), max_length=12, blank=True, editable=False)
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    household_code = models.CharField(max_length=20, blank=True, editable=False)

    class Meta:
        verbose_name = _("cá nhân")
        constraints = [
            models.CheckConstraint(
                condition=Q(died_on=None)
                | Q(birth_on=None)
                | Q(died_on__gte=F("birth_on"))
                | ~Q(birth_precision="day"),
                name="person_dies_after_birth",
                violation_error_message=_("Ngày chết không thể trước ngày sinh."),
            ),
        ]
        indexes = [
            models.Index(fields=["name_key", "birth_on"], name="person_by_name"),
            models.Index(
                fields=["personal_id_number"], name="person_by_id_number", condition=~Q(personal_id_number="")
            ),
            models.Index(fields=["unit", "sort_key"], name="person_by_unit"),
            models.Index(fields=["unit", "name_key"], name="person_by_unit_and_name"),
            models.Index(fields=["household_code"], name="person_by_household", condition=~Q(household_code="")),
        ]

    def __str__(self) -> str:
        return self.full_name


class PersonName(models.Model):
    """Each folded name once, so that a tolerant search compares distinct names and not people. Từ điển họ tên."""

    name_key = models.CharField(max_length=120, primary_key=True)
    people = models.PositiveIntegerField()

    class Meta:
        indexes = [GinIndex(fields=["name_key"], name="name_by_trigram", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.name_key


class IdentityNumber(models.Model):
    """A number that a person held between two days. Giấy tờ định danh."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identity_numbers")
    kind = models.CharField(_("loại"), max_length=20, choices=IdentityKind.choices)
    number = models.CharField(_("số"), max_length=20)
    issued_on = models.DateField(_("ngày cấp"), null=True)
    issued_by = models.CharField(_("nơi cấp"), max_length=200, blank=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("giấy tờ định danh")
        constraints = [
            span_ends_after_it_begins("identity_number_span"),
            ExclusionConstraint(
                name="identity_number_one_holder_a_day",
                expressions=[(KindAndNumber(), RangeOperators.EQUAL), (ValidSpan(), RangeOperators.OVERLAPS)],
                violation_error_message=_("Số này đang thuộc về một người khác."),
            ),
        ]
        indexes = [
            models.Index(fields=["number"], name="identity_by_number"),
        ]

    def __str__(self) -> str:
        return self.number


class Residence(models.Model):
    """Where a person lived between two days. Nơi cư trú."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="residences")
    kind = models.CharField(_("loại"), max_length=10, choices=ResidenceKind.choices)
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, related_name="residences", verbose_name=_("xã, phường")
    )
    hamlet = models.CharField(_("thôn, tổ dân phố"), max_length=120, blank=True)
    address = models.CharField(_("số nhà, đường"), max_length=300, blank=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)
    source = models.CharField(_("nguồn"), max_length=60, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("nơi cư trú")
        constraints = [
            span_ends_after_it_begins("residence_span"),
            ExclusionConstraint(
                name="residence_one_of_a_kind_a_day",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (ValidSpan(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Mỗi ngày một người chỉ có một nơi cư trú cùng loại."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.unit}"


class Household(models.Model):
    """A household under an opaque code of our own. Hộ gia đình."""

    code = models.CharField(_("mã hộ"), max_length=20, unique=True)
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, related_name="households", verbose_name=_("xã, phường")
    )
    hamlet = models.CharField(_("thôn, tổ dân phố"), max_length=120, blank=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("hộ gia đình")
        constraints = [span_ends_after_it_begins("household_span")]

    def __str__(self) -> str:
        return self.code


class HouseholdMembership(models.Model):
    """A person belonged to a household between two days. Thành viên hộ."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    relation = models.CharField(_("quan hệ với chủ hộ"), max_length=10, choices=HouseholdRelation.choices)
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("thành viên hộ")
        constraints = [
            span_ends_after_it_begins("membership_span"),
            ExclusionConstraint(
                name="membership_one_household_a_day",
                expressions=[("person", RangeOperators.EQUAL), (ValidSpan(), RangeOperators.OVERLAPS)],
                violation_error_message=_("Mỗi ngày một người chỉ thuộc một hộ."),
            ),
            ExclusionConstraint(
                name="membership_one_head_a_day",
                expressions=[("household", RangeOperators.EQUAL), (ValidSpan(), RangeOperators.OVERLAPS)],
                condition=Q(relation=HouseholdRelation.HEAD),
                violation_error_message=_("Mỗi ngày một hộ chỉ có một chủ hộ."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.household}"


class Condition(models.Model):
    """A lasting condition that the law asks about, between two days. Tình trạng của người."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="conditions")
    kind = models.CharField(_("tình trạng"), max_length=20, choices=ConditionKind.choices)
    level = models.CharField(_("mức độ"), max_length=30, blank=True)
    evidence = models.CharField(_("giấy tờ"), max_length=200, blank=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_until = models.DateField(_("đến trước ngày"), null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("tình trạng")
        constraints = [
            span_ends_after_it_begins("condition_span"),
            ExclusionConstraint(
                name="condition_once_a_day",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (ValidSpan(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Tình trạng này đã được ghi cho những ngày đó."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.kind}"


class Organization(models.Model):
    """A firm, cooperative, school or public body, known by its tax code. Tổ chức, doanh nghiệp."""

    tax_code = models.CharField(_("mã số thuế"), max_length=14, unique=True)
    name = models.CharField(_("tên"), max_length=255)
    name_key = models.CharField(max_length=255, editable=False)
    sort_key = models.CharField(max_length=600, editable=False, db_collation="C")
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("xã, phường")
    )
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    representative = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="represents", verbose_name=_("người đại diện")
    )

    class Meta:
        verbose_name = _("tổ chức")
        indexes = [GinIndex(fields=["name_key"], name="organization_by_trigram", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.name
