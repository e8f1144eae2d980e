"""Applying a law that was in force later than it applies: what it changes, by commune and person, proposed and approved."""
