"""What a household sees of its own review."""
