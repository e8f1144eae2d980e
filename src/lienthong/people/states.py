"""Closed lists of the people context."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sex(TextChoices):
    """Giới tính."""

    MALE = "male", _("Nam")
    FEMALE = "female", _("Nữ")
    UNKNOWN = "unknown", _("Chưa rõ")


class BirthPrecision(TextChoices):
    """How much of a date of birth is known. Độ chính xác của ngày sinh."""

    DAY = "day", _("đủ ngày, tháng, năm")
    MONTH = "month", _("tháng và năm")
    YEAR = "year", _("chỉ có năm")


class IdentityKind(TextChoices):
    """Kinds of identity number. Loại giấy tờ định danh."""

    PERSONAL_ID = "personal_id", _("số định danh cá nhân")
    OLD_ID_CARD = "old_id_card", _("chứng minh nhân dân 9 số")
    PASSPORT = "passport", _("hộ chiếu")
    BIRTH_CERTIFICATE = "birth_certificate", _("giấy khai sinh")


class ResidenceKind(TextChoices):
    """Kinds of residence. Loại cư trú."""

    PERMANENT = "permanent", _("thường trú")
    TEMPORARY = "temporary", _("tạm trú")
    CURRENT = "current", _("nơi ở hiện tại")


# Which residence says where a person lives, when several last equally long.
RESIDENCE_ORDER = (ResidenceKind.PERMANENT, ResidenceKind.TEMPORARY, ResidenceKind.CURRENT)


class HouseholdRelation(TextChoices):
    """Relation to the head of a household. Quan hệ với chủ hộ."""

    HEAD = "head", _("chủ hộ")
    SPOUSE = "spouse", _("vợ, chồng")
    CHILD = "child", _("con")
    PARENT = "parent", _("cha, mẹ")
    GRANDCHILD = "grandchild", _("cháu")
    OTHER = "other", _("khác")


class ConditionKind(TextChoices):
    """Lasting conditions of a person that the law asks about. Tình trạng."""

    DISABILITY = "disability", _("khuyết tật")
    ORPHAN = "orphan", _("trẻ mồ côi")
    SINGLE_PARENT = "single_parent", _("đơn thân nuôi con")
    HIV = "hiv", _("nhiễm HIV")
    MERIT = "merit", _("người có công")


class DisabilityLevel(TextChoices):
    """Degrees of disability. Mức độ khuyết tật."""

    EXTREMELY_SEVERE = "extremely_severe", _("đặc biệt nặng")
    SEVERE = "severe", _("nặng")
    MILD = "mild", _("nhẹ")
