"""The embedded PostgreSQL: where it lies, which programs it uses, how it is started, watched and stopped.

Knows nothing of Django; the launcher and the settings use it before Django is there.
"""
