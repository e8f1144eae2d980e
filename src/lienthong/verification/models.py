"""Tables of population copies, registers, batches, verdicts and what officers do with them."""
