"""Which PostgreSQL: the embedded one by default, any server by ``LIENTHONG_DATABASE_URL``."""

from urllib.parse import parse_qsl, unquote, urlsplit

from lienthong.config.settings import environment
from lienthong.infra.postgres import place

DATABASE_URL = environment.text("DATABASE_URL", "") or place.database_url(environment.data_dir())


def read_database_url(url: str) -> dict[str, object]:
    """Turn ``postgresql://user:password@host:port/name?host=/socket`` into Django's DATABASES entry."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": parts.port or options.pop("port", ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": options,
    }


DATABASES = {"default": read_database_url(DATABASE_URL)}
