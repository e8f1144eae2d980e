"""People with merit as rules: what the law pays a person, or a relative, each month, each year and once, and why.

Plain Python over dated parameters; it knows no dossier, no account and no database.
"""
