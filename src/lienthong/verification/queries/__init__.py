"""Questions about registers, batches, verdicts, quality and reviews."""
