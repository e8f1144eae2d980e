"""How long a month of payments takes: prepared, released, exported, answered by a bank and reconciled."""
