"""Emergency assistance as rules: rice, the seriously injured, the dead and missing, houses, temporary protection.

Plain Python over dated parameters; it knows no dossier and no database.
"""
