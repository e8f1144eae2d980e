"""When a dossier was due as things stood at a past moment, so that the figures of a period stay what they were."""

from django.db import migrations

# The last pause that had begun decides: it had ended with a new due moment, or the clock stood and there was none, unless
# the time limit had run out before the pause began. A pause keeps that moment beside it (see projection.py).
CREATE = """
CREATE FUNCTION dossiers_due_as_of(promised timestamptz, pauses jsonb, moment timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN pauses = '[]' THEN promised ELSE coalesce((
        SELECT CASE
            WHEN (pause->>'until')::timestamptz <= moment OR (pause->>'due')::timestamptz <= (pause->>'from')::timestamptz
            THEN (pause->>'due')::timestamptz ELSE 'infinity' END
        FROM jsonb_array_elements(pauses) WITH ORDINALITY AS each(pause, place)
        WHERE (pause->>'from')::timestamptz < moment ORDER BY place DESC LIMIT 1
    ), promised) END
$$;
"""

DROP = "DROP FUNCTION dossiers_due_as_of(timestamptz, jsonb, timestamptz);"


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_dossiers")]

    operations = [migrations.RunSQL(CREATE, DROP)]
