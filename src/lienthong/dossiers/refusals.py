"""The base of every expected refusal of the dossier engine, for the engine itself and for the programmes above it."""


class DossierRefusal(Exception):
    """Base of every expected refusal: its text is a sentence for people."""
