"""Settings of the whole platform, by concern: base, security, database. Every ``LIENTHONG_*`` variable is listed in docs/operations/settings.md."""

from lienthong.config.settings.base import *  # noqa: F403  -- a settings module is the sum of its parts
from lienthong.config.settings.database import *  # noqa: F403
from lienthong.config.settings.security import *  # noqa: F403
