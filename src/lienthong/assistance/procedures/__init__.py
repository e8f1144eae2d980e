"""How social assistance takes part in its procedures."""
