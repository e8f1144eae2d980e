"""Tables of files, attachments and issued forms."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """The bytes of one file, kept once under their SHA-256. Tệp."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("dung lượng"))
    media_type = models.CharField(_("loại tệp"), max_length=100)
    name = models.CharField(_("tên tệp"), max_length=255)
    stored_at = models.DateTimeField()
    stored_by = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("tệp")
        indexes = [models.Index(fields=["sha256"], name="file_by_digest")]

    def __str__(self) -> str:
        return self.name


class Attachment(models.Model):
    """A file belongs to a thing, under a role such as ``item:3`` or ``result``. Tệp đính kèm.

    Removing ends the span and keeps the row.
    """

    owner = models.TextField()
    role = models.TextField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="attachments")
    attached_at = models.DateTimeField()
    attached_by = models.BigIntegerField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("tệp đính kèm")
        indexes = [models.Index(fields=["owner", "role"], name="attachment_by_owner", condition=Q(removed_at=None))]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "role", "file"], condition=Q(removed_at=None), name="attachment_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.role}"


class IssuedForm(models.Model):
    """A printed form as it was issued: its data and its file. Biểu mẫu đã cấp."""

    owner = models.TextField()
    form_code = models.CharField(_("mẫu"), max_length=40)
    number = models.PositiveIntegerField(_("lần cấp"))
    data = models.JSONField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    issued_by = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("biểu mẫu đã cấp")
        constraints = [models.UniqueConstraint(fields=["owner", "form_code", "number"], name="form_issue_once")]

    def __str__(self) -> str:
        return f"{self.owner} {self.form_code}"
