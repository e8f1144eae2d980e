"""Procedures as the public finds, reads and takes them along."""
