"""Verbs of payments: preparing, signing, accounts, budgets, files, statements, complaints."""
