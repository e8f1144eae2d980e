"""Who may do what: staff with dated mandates, citizens and firms with accounts, sign-in, sessions.

Knows no procedure and no dossier."""
