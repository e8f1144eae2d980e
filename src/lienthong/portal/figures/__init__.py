"""What the public may count: how dossiers were received and settled, and how satisfied people were. No personal data."""
