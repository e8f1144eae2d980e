"""Files that banks and payers answer with: bytes in, frozen values out, or a refusal that says row, column and reason. No tables."""
