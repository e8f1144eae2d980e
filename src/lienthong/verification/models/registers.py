"""What is compared: registers with their entries as they were read, and copies of the population data."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.units.models import AdministrativeUnit, Agency
from lienthong.verification.states import CopyState


class PopulationCopy(models.Model):
    """The population data as they were on a day, prepared for the engine. Bản sao dữ liệu dân cư.

    ``folder`` is the name, under the folder of verification, where the prepared index lies. The people themselves are
    in no table of ours. Counts are against the copy before.
    """

    as_of = models.DateField(_("dữ liệu đến ngày"))
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(_("tên tệp"), max_length=255)
    rows = models.PositiveIntegerField(_("số người"), default=0)
    added = models.PositiveIntegerField(_("thêm mới"), default=0)
    changed = models.PositiveIntegerField(_("thay đổi"), default=0)
    removed = models.PositiveIntegerField(_("không còn"), default=0)
    skipped = models.PositiveIntegerField(_("dòng không dùng được"), default=0)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    folder = models.CharField(max_length=80, blank=True)
    mapping = models.JSONField(default=dict)
    state = models.CharField(_("trạng thái"), max_length=12, choices=CopyState.choices, default=CopyState.LOADING)
    progress = models.JSONField(_("tiến độ"), default=dict)
    loaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    loaded_at = models.DateTimeField(_("nạp lúc"))
    ready_at = models.DateTimeField(_("sẵn sàng lúc"), null=True)
    note = models.CharField(_("ghi chú"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("bản sao dữ liệu dân cư")
        constraints = [
            models.UniqueConstraint(
                fields=["as_of"], condition=Q(state__in=[CopyState.READY, CopyState.SUPERSEDED]), name="copy_once_a_day",
                violation_error_message=_("Đã có một bản sao dữ liệu dân cư của ngày này."),
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=CopyState.READY), name="copy_one_in_use",
                violation_error_message=_("Mỗi lúc chỉ dùng một bản sao dữ liệu dân cư."),
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=CopyState.LOADING), name="copy_one_loading",
                violation_error_message=_("Đang nạp một bản sao khác; chờ xong rồi nạp tiếp."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CopyState.READY, CopyState.SUPERSEDED]) | ~Q(folder="") & Q(ready_at__isnull=False),
                name="copy_ready_is_whole",
                violation_error_message=_("Bản sao chỉ sẵn sàng khi đã nạp trọn vẹn."),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["-as_of", "-id"], name="copy_newest_first")]

    def __str__(self) -> str:
        return f"{self.as_of:%d/%m/%Y}"

    @property
    def stream(self) -> str:
        """Name of the copy's event stream."""
        return f"population_copy:{self.pk}"


class Register(models.Model):
    """A list of people that the department keeps and has verified. Sổ, danh sách quản lý.

    ``source_key`` names a registered source (``sources``); empty for a register that comes as a file.
    """

    code = models.CharField(_("mã sổ"), max_length=40, unique=True)
    name = models.CharField(_("tên sổ"), max_length=200)
    source_key = models.CharField(max_length=60, blank=True)
    owner = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("cơ quan quản lý")
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sổ quản lý")

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        """Name of the register's event stream."""
        return f"register:{self.pk}"


class ColumnMapping(models.Model):
    """Which column of a file is which field, as somebody confirmed it for files with this head. Ánh xạ cột đã xác nhận."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT, null=True, related_name="mappings")
    signature = models.CharField(max_length=64)
    mapping = models.JSONField(_("ánh xạ"))
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("ánh xạ cột")
        constraints = [
            models.UniqueConstraint(
                fields=["register", "signature"], name="mapping_once_per_head", nulls_distinct=False,
                violation_error_message=_("Tệp có dòng đầu này đã có ánh xạ cột."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.register} {self.signature[:8]}"


class RegisterEntry(models.Model):
    """One record of a register, its fields as they were read and never repaired. Bản ghi của sổ.

    ``commune`` is the place that the code means today, where it means one. ``digest`` is of the fields as the source
    gave them: a source that says the same again does not undo what somebody has corrected here. ``last_seen`` is the
    batch that last brought it, new or changed. ``findings`` is what the check without population data found; None before
    the first such check.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="entries", db_index=False)
    record_key = models.CharField(_("mã bản ghi"), max_length=80)
    row_number = models.PositiveIntegerField(_("dòng"), null=True)
    list_name = models.CharField(_("danh sách"), max_length=120, blank=True)
    number = models.CharField(_("số định danh trong sổ"), max_length=60, blank=True)
    full_name = models.CharField(_("họ và tên"), max_length=200, blank=True)
    birth_date = models.CharField(_("ngày sinh"), max_length=60, blank=True)
    sex = models.CharField(_("giới tính"), max_length=30, blank=True)
    ethnicity = models.CharField(_("dân tộc"), max_length=60, blank=True)
    commune_code = models.CharField(_("mã xã"), max_length=30, blank=True)
    village = models.CharField(_("thôn, tổ dân phố"), max_length=120, blank=True)
    household_key = models.CharField(_("mã hộ"), max_length=60, blank=True)
    head_name = models.CharField(_("chủ hộ"), max_length=200, blank=True)
    commune = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False,
        verbose_name=_("xã, phường"),
    )  # fmt: skip
    digest = models.CharField(max_length=32)
    findings = ArrayField(models.CharField(max_length=40), null=True)
    is_current = models.BooleanField(_("còn trong sổ"), default=True)
    first_seen = models.ForeignKey("Batch", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    last_seen = models.ForeignKey("Batch", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("bản ghi của sổ")
        constraints = [
            models.UniqueConstraint(
                fields=["register", "record_key"], name="entry_once_in_register",
                violation_error_message=_("Mã bản ghi này đã có trong sổ."),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["commune", "village", "id"], name="entry_by_commune", condition=Q(is_current=True)),
            models.Index(fields=["number"], name="entry_by_number", condition=~Q(number="")),
        ]

    def __str__(self) -> str:
        return f"{self.record_key} {self.full_name}"
