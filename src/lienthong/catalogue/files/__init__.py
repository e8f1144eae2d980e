"""Procedures as files: reading what people send, with a finding for everything unreadable, and writing what we hold.

Both forms, YAML and XLSX, become the same plain mappings, and are read by the same rules.
"""
