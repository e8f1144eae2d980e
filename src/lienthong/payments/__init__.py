"""Payments: what programmes say is owed becomes one list a month, signed by four people, sent to banks and answered by them.

Chi trả. Owns accounts that people are paid at, runs, lines, budgets, files for banks, statements and complaints about money. Knows
no programme: who owes what comes from sources that programmes register.
"""
