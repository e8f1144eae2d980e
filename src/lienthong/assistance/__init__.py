"""Social assistance. For now one programme: support with the costs of a funeral."""
