"""Why the embedded server cannot be used, in sentences for the person at the terminal."""


class ServerRefusal(Exception):
    """The embedded PostgreSQL cannot do what was asked; the text says why and what to do."""
