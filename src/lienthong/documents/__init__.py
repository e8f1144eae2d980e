"""Files and printed forms: what was handed in, what was issued, each kept once and never changed.

Knows no dossier: an owner is only a key such as ``dossier:12``."""
