"""The poverty review as rules: facts of a household, the standard of a day, deprivations, points and the class.

Plain Python over dated parameters; it knows no review, no form and no database.
"""
