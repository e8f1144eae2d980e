"""Registers against the population database: batches, work lists, quality, the model, sampled review."""
