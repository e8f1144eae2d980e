"""Every request reads the clock of the world."""

from tests.portal.applicants import the_clock_shows_the_moment_of_the_world  # noqa: F401
