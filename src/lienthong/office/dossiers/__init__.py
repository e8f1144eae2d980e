"""The page of a dossier and everything that can be done to it."""
