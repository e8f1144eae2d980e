"""Tables of the plumbing: the append-only chain of events, the seals over it, and the record of who read what."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class TransactionIdField(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's ``xid8``: the number of the transaction that wrote the row, set by the server."""

    def db_type(self, connection: object) -> str:
        return "xid8"

    def get_internal_type(self) -> str:
        return "TransactionIdField"


class CurrentTransactionId(models.Func):
    function = "pg_current_xact_id"
    output_field = TransactionIdField()
    arity = 0


class Event(models.Model):
    """One fact that happened to one thing, written once and never changed.

    Sự kiện. Triggers refuse UPDATE, DELETE and TRUNCATE; each row carries the hash of the row before it in its stream.
    ``transaction_id`` lets a reader follow the table in commit order without ever skipping a row.
    """

    stream = models.TextField()
    sequence = models.PositiveIntegerField()
    name = models.TextField()
    payload = models.JSONField()
    actor_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    client_key = models.UUIDField(null=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    transaction_id = TransactionIdField(db_default=CurrentTransactionId(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "sequence"], name="event_stream_sequence"),
            models.UniqueConstraint(
                fields=["client_key"], condition=Q(client_key__isnull=False), name="event_once_per_key"
            ),
        ]
        indexes = [models.Index(fields=["transaction_id", "id"], name="event_commit_order")]

    def __str__(self) -> str:
        return f"{self.stream}#{self.sequence} {self.name}"


class EventCursor(models.Model):
    """How far one reader of the events has come. Vị trí đọc."""

    reader = models.TextField(primary_key=True)
    transaction_id = TransactionIdField()
    event_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.reader} → {self.event_id}"


class EventSeal(models.Model):
    """A digest over every event up to one moment, chained to the seal before it, so that a lost tail is noticed.

    Niêm phong nhật ký.
    """

    sealed_at = models.DateTimeField()
    first_event_id = models.BigIntegerField()
    last_event_id = models.BigIntegerField()
    events = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.first_event_id}…{self.last_event_id}"


class ReadRecord(models.Model):
    """Who looked at which personal data, when, by which page. Nhật ký truy cập dữ liệu cá nhân."""

    actor_id = models.BigIntegerField(null=True)
    subject = models.TextField()
    action = models.TextField()
    path = models.TextField()
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-at"], name="read_by_subject"),
            models.Index(fields=["actor_id", "-at"], name="read_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.action} {self.subject}"


class FailedTry(models.Model):
    """A guess that was wrong, remembered only as long as it counts (see ``throttle``). Lần thử sai."""

    key = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="failed_try_by_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.at}"
