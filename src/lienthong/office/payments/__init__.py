"""Monthly payments: accounts of people, runs and their lines, files for banks, statements, budgets, complaints."""
