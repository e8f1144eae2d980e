"""The dictionary of names: how many people bear each folded name. Kept right by counting in the database, row by row."""

from django.db import connection


def count_name(name_key: str) -> None:
    """Count one more bearer of a name, in the running transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_personname (name_key, people) VALUES (%s, 1)"
            " ON CONFLICT (name_key) DO UPDATE SET people = people_personname.people + 1",
            [name_key],
        )


def count_rename(old_key: str, new_key: str) -> None:
    """Count one bearer less of a name and one more of another, in the running transaction."""
    if old_key == new_key:
        return
    # Everybody takes the rows in the same order, so that two renames never wait for each other.
    for name_key in sorted([old_key, new_key]):
        if name_key == new_key:
            count_name(new_key)
        else:
            _uncount_name(old_key)


def _uncount_name(name_key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_personname SET people = people - 1 WHERE name_key = %s", [name_key])
        cursor.execute("DELETE FROM people_personname WHERE name_key = %s AND people = 0", [name_key])
