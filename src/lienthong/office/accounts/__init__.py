"""Where administrators open accounts, grant and end mandates, and give out one-time passwords."""
