"""Procedures as the law has them: versions in force by date, what they ask for, how long they take, who does each step.

Knows no dossier and nobody who asks for anything."""
