"""Verbs of the poverty review."""
