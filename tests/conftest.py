"""The strict bench: what would be a silent bug in an office is a failing test here."""
