"""Versions of the survey forms, and the devices that fetch them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.poverty.models.standards import PointsTableVersion
from lienthong.poverty.states import FormKind
from lienthong.units.models import AdministrativeUnit


class FormVersion(models.Model):
    """One compiled version of a survey form; never edited, only followed. Phiên bản của phiếu khảo sát.

    What was filled on a version that has been replaced meanwhile is still taken in.
    """

    form_id = models.CharField(_("phiếu"), max_length=20, choices=FormKind.choices)
    version = models.CharField(_("phiên bản"), max_length=20)
    title = models.CharField(_("tên"), max_length=200)
    standard_id = models.CharField(_("chuẩn nghèo"), max_length=20)
    points_table = models.ForeignKey(
        PointsTableVersion, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("bảng điểm")
    )
    xml = models.TextField(_("XForm"))
    md5 = models.CharField(max_length=32)
    source_name = models.CharField(_("tệp nguồn"), max_length=255, blank=True)
    published_at = models.DateTimeField(_("phát hành lúc"))
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField(_("thay lúc"), null=True)

    class Meta:
        verbose_name = _("phiên bản phiếu khảo sát")
        constraints = [
            models.UniqueConstraint(
                fields=["form_id", "version"],
                name="form_version_once",
                violation_error_message=_("Phiếu này đã có phiên bản đó."),
            ),
            models.UniqueConstraint(
                fields=["form_id", "standard_id"],
                condition=Q(replaced_at=None),
                name="form_one_in_use",
                violation_error_message=_("Mỗi phiếu chỉ có một phiên bản đang dùng cho mỗi chuẩn."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_id} {self.version}"


class FormSource(models.Model):
    """What a version was compiled from; only added. Tệp nguồn của phiên bản phiếu.

    A table of its own, so that nobody who lists versions carries files along. Versions of before it have none.
    """

    form_version = models.OneToOneField(
        FormVersion, on_delete=models.PROTECT, primary_key=True, related_name="source", verbose_name=_("phiên bản")
    )
    content = models.BinaryField(_("tệp nguồn"))
    warnings = models.JSONField(_("lưu ý của công cụ biên dịch"), default=list)

    class Meta:
        verbose_name = _("tệp nguồn của phiên bản phiếu")

    def __str__(self) -> str:
        return str(self.form_version)


class EnumeratorDevice(models.Model):
    """A phone that fetches forms and sends visits for one enumerator. Máy của điều tra viên.

    Neither the token nor the password is kept: ``token_hash`` is the SHA-256 of the token in the address, ``digest_ha1``
    what Digest sign-in compares (MD5 of name, realm and password, as that protocol has it).
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="survey_devices")
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("tên máy"), max_length=100)
    login = models.CharField(_("tên đăng nhập của máy"), max_length=40, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    digest_ha1 = models.CharField(max_length=32)
    added_at = models.DateTimeField(_("thêm lúc"))
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True)
    last_seen_at = models.DateTimeField(_("dùng lần cuối"), null=True)

    class Meta:
        verbose_name = _("máy của điều tra viên")
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("added_at")),
                name="device_revoked_after_added",
                violation_error_message=_("Thu hồi phải sau khi thêm máy."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
