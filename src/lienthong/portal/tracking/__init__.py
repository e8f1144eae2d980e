"""Following a dossier: the own ones after signing in, any one by its number and secret; and what its applicant may do."""
