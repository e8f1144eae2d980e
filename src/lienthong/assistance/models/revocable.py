"""What is decided to be paid or given once: that it may be taken back, and be paid to somebody else, by two people each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.accounts.models import User
from lienthong.assistance.states import OnceKind, Programme

WITHDRAWN = ("withdrawn_at", "withdrawn_by", "withdrawn_because")


class Revocable(models.Model):
    """A decision that is paid once, until two people take it back. Quyết định chi một lần.

    One that was taken back is owed no more and stands in the way of no later one. Whom it is about, who receives it and by which
    programme is said by each model: ``what``, ``programme``, ``benefit``, ``subject_id``, ``unit_id``, ``receiver``, ``stream``.
    ``named_in`` is under which name payment lines say whose ids they pay. ``is_paid_apart`` is false of what was decided before a run told such decisions apart.
    """

    what: OnceKind
    programme: Programme
    named_in = "supports"

    is_paid_apart = models.BooleanField(_("được chi riêng"), default=True)
    payee_named_at = models.DateTimeField(_("thay người nhận lúc"), null=True)
    withdrawn_at = models.DateTimeField(_("thu hồi lúc"), null=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("người thu hồi")
    )
    withdrawn_because = models.CharField(_("vì sao thu hồi"), max_length=500, blank=True)

    class Meta:
        abstract = True

    @property
    def matter(self) -> str:
        """How payment lines tell it apart from others of the same person and month."""
        return str(self.pk) if self.is_paid_apart else ""


def withdrawn_in_full(name: str) -> models.CheckConstraint:
    """Return the constraint that whoever takes a decision back is named, with the reason."""
    return models.CheckConstraint(
        condition=Q(withdrawn_at=None, withdrawn_by=None)
        | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because="")),
        name=name,
        violation_error_message=_("Thu hồi quyết định phải ghi người thu hồi và lý do."),
    )
