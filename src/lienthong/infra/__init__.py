"""Plumbing that every context stands on: events, requests, jobs, locks, forms, the embedded server. Knows no context."""
