"""Verbs of verification, one transaction each."""
