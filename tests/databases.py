"""Which database a test stands on: an empty one, the province, or a copy of either that it may commit to.

The empty one and the province are made once per process and stay as they were made, because the tests on them roll back.
A test that commits gets a copy, which is thrown away: PostgreSQL copies a database sooner than the province is loaded.
"""

from django.db import connection, connections

from lienthong.catalogue import services as catalogue
from lienthong.units import services as units


class Databases:
    """The databases of this process, and the one that Django speaks to now."""

    def __init__(self, empty: str) -> None:
        self.empty, self.province, self.copy = empty, f"{empty}_province", f"{empty}_copy"
        self._has_province = False

    def stand_on(self, *, province: bool, commits: bool = False) -> None:
        """Speak to the database that a test asks for, from its first query on.

        Inside a transaction, which a fixture of a whole file has opened, everything stays as that file chose.
        """
        if connection.in_atomic_block:
            return
        if province and not self._has_province:
            self._copy(self.empty, self.province)
            self._speak_to(self.province)
            load_province()
            self._has_province = True
        origin = self.province if province else self.empty
        if commits:
            self._copy(origin, self.copy)
        self._speak_to(self.copy if commits else origin)

    def drop(self) -> None:
        """Take away what Django did not make, and leave the rest to it."""
        self._speak_to(self.empty)
        for name in (self.province, self.copy):
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _copy(self, origin: str, name: str) -> None:
        self._speak_to(self.empty)
        connections.close_all()  # nobody may be in a database that is copied
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{origin}"')

    def _speak_to(self, name: str) -> None:
        if connection.settings_dict["NAME"] != name:
            connections.close_all()
            connection.settings_dict["NAME"] = name

    def _run(self, statement: str) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)


def load_province() -> None:
    """Load our own base data: places, agencies and procedures."""
    from tests.world import NOW

    units.load_places(now=NOW)
    units.load_agencies(now=NOW)
    catalogue.load_catalogue(now=NOW)
