"""Past one machine: the engine's comparison levels and blocking rules as a Splink model, on Spark or on DuckDB.

``settings`` writes the model from the one declaration (``linkage.levels``); ``preparing`` and ``parts`` normalise with the
engine's own reading, each part on the machine that it falls to; ``scoring`` runs the model; ``deciding`` words verdicts by
the engine's own code. ``run`` is the way in. Nothing here speaks with a database.
"""
