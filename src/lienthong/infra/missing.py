"""What is not there and what is not yours look the same."""


class NotFound(LookupError):
    """Base of what a query raises when there is no such record, or none that this user may see.

    A view lets it pass: ``http.reads`` and ``http.writes`` answer with the page for nothing there.
    """
