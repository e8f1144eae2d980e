"""Verbs of social assistance and of people with merit: one transaction each."""
