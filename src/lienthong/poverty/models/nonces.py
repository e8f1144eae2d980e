"""How far each nonce of Digest sign-in has been used."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.poverty.models.forms import EnumeratorDevice


class UsedNonce(models.Model):
    """A nonce and the highest count that came with it: the same answer is never taken twice. Mã dùng một lần."""

    nonce = models.CharField(max_length=120, unique=True)
    device = models.ForeignKey(EnumeratorDevice, on_delete=models.CASCADE, related_name="+")
    count = models.BigIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("mã dùng một lần của máy")
        constraints = [
            models.CheckConstraint(
                condition=Q(count__gt=0),
                name="nonce_counted_from_one",
                violation_error_message=_("Số lần dùng của mã phải lớn hơn 0."),
            ),
        ]

    def __str__(self) -> str:
        return self.nonce
