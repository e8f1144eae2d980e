"""Tables of files that banks answered with, from their arrival to what became of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.documents.models import StoredFile
from lienthong.payments.models.statements import Statement
from lienthong.payments.states import UploadState


class StatementUpload(models.Model):
    """A file of a bank as somebody sent it in, and what became of it. Tệp trả lời đã tải lên.

    ``file`` is kept for as long as it waits, and with the statements that were taken from it; of a refused one nothing is kept.
    ``row`` and ``column`` say where a refused one is wrong. ``outcome`` counts what its lines meant, ``notices`` are sentences
    for whoever sent it.
    """

    file_name = models.CharField(_("tệp"), max_length=255)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    bank_code = models.CharField(_("mã ngân hàng"), max_length=6, blank=True)
    state = models.CharField(_("trạng thái"), max_length=10, choices=UploadState.choices, default=UploadState.WAITING)
    progress = models.JSONField(_("tiến độ"), default=dict)
    reason = models.CharField(_("vì sao"), max_length=2000, blank=True)
    row = models.PositiveIntegerField(_("dòng"), null=True)
    column = models.CharField(_("cột"), max_length=120, blank=True)
    statements = models.ManyToManyField(Statement, related_name="uploads", verbose_name=_("sao kê"))
    outcome = models.JSONField(_("kết quả"), default=dict)
    notices = models.JSONField(_("lưu ý"), default=list)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người tải lên"))
    uploaded_at = models.DateTimeField(_("tải lên lúc"))
    asked_at = models.DateTimeField(_("yêu cầu đọc lúc"))
    ended_at = models.DateTimeField(_("xong lúc"), null=True)

    class Meta:
        verbose_name = _("tệp trả lời đã tải lên")
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"],
                condition=Q(state=UploadState.WAITING),
                name="statement_upload_waits_once",
                violation_error_message=_("Tệp này đang được đọc."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(UploadState.REFUSED, UploadState.STOPPED)) | ~Q(reason=""),
                name="statement_upload_says_why",
                violation_error_message=_("Tệp không nhận phải ghi vì sao."),
            ),
            models.CheckConstraint(
                condition=~Q(state=UploadState.WAITING) | Q(file__isnull=False),
                name="statement_upload_has_its_file",
                violation_error_message=_("Tệp đang chờ đọc phải còn nội dung."),
            ),
        ]
        indexes = [models.Index(fields=["-uploaded_at"], name="statement_upload_newest")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def stream(self) -> str:
        """Name of the upload's event stream."""
        return f"statement-upload:{self.pk}"
