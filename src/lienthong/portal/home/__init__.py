"""The front page: find a procedure, track a dossier, see what was published."""
