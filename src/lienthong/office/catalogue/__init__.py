"""Keeping the catalogue: drafts, what is wrong with them, publishing, files."""
