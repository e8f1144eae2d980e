"""Jobs run in the same database: a job deferred in a transaction that is rolled back is gone with it."""

from procrastinate.contrib.django import app

__all__ = ["app"]
