"""Closed lists of the units context."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UnitKind(TextChoices):
    """Kinds of administrative unit. Loại đơn vị hành chính."""

    PROVINCE = "province", _("tỉnh")
    DISTRICT = "district", _("huyện, thành phố thuộc tỉnh")
    COMMUNE = "commune", _("xã")
    WARD = "ward", _("phường")
    TOWNSHIP = "township", _("thị trấn")


class AgencyKind(TextChoices):
    """Kinds of agency. Loại cơ quan."""

    PEOPLES_COMMITTEE = "peoples_committee", _("Ủy ban nhân dân")
    DEPARTMENT = "department", _("sở, ngành")
    DIVISION = "division", _("phòng, ban")
    CENTER = "center", _("trung tâm, đơn vị sự nghiệp")
    ONE_STOP_DESK = "one_stop_desk", _("bộ phận một cửa")
    POLICE = "police", _("công an")
    COMMUNE_COMMITTEE = "commune_committee", _("Ủy ban nhân dân cấp xã")
    COMMUNE_OFFICE = "commune_office", _("phòng chuyên môn cấp xã")


class AgencyLevel(TextChoices):
    """Level of government at which an agency works. Cấp."""

    PROVINCE = "province", _("cấp tỉnh")
    DISTRICT = "district", _("cấp huyện")
    COMMUNE = "commune", _("cấp xã")


class Share(TextChoices):
    """How much of a unit went to its successor. Phần chuyển."""

    WHOLE = "whole", _("toàn bộ")
    PART = "part", _("một phần")


COMMUNE_KINDS = (UnitKind.COMMUNE, UnitKind.WARD, UnitKind.TOWNSHIP)
