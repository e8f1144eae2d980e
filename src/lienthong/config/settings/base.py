"""What the platform is made of: apps, middleware, templates, language, files."""

from pathlib import Path

from django.utils.translation import gettext_lazy

from lienthong.config.settings import environment

CHECKOUT: Path = environment.CHECKOUT
DATA_DIR: Path = environment.data_dir()

DEBUG = environment.flag("DEBUG", default=False)
# ops.demo_mark leaves this file where people are invented.
DEMO_MODE = environment.flag("DEMO", default=(DATA_DIR / "demo").exists())
DEMO_PASSWORD = environment.text("DEMO_PASSWORD", "lien-thong-2026")
PUBLIC_URL = environment.text("PUBLIC_URL", "http://localhost:8000").rstrip("/")
PROVINCE_NAME = environment.text("PROVINCE_NAME", "tỉnh Thái Nguyên")
PROVINCE_CODE = environment.text("PROVINCE_CODE", "19")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "axes",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "lienthong.infra",
    "lienthong.units",
    "lienthong.people",
    "lienthong.accounts",
    "lienthong.catalogue",
    "lienthong.documents",
    "lienthong.verification",
    "lienthong.dossiers",
    "lienthong.payments",
    "lienthong.poverty",
    "lienthong.assistance",
    "lienthong.portal",
    "lienthong.office",
    "lienthong.ops",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lienthong.infra.middleware.VisitorAddress",
    "lienthong.infra.middleware.RequestMoment",
    "lienthong.infra.middleware.ChosenLanguage",
    "lienthong.interop.openrosa.middleware.OpenRosaEdge",
    "lienthong.infra.middleware.RefuseNulBytes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lienthong.accounts.middleware.EndIdleSessions",
    "lienthong.accounts.middleware.ChangePasswordFirst",
    "lienthong.infra.middleware.PrivatePages",
    "lienthong.infra.middleware.RecordReads",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "lienthong.infra.middleware.PageForWrongMethod",
]

ROOT_URLCONF = "lienthong.config.urls"
WSGI_APPLICATION = "lienthong.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CHECKOUT / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "lienthong.infra.context.house",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]
FORM_RENDERER = "lienthong.infra.forms.HouseRenderer"

# Vietnamese is the language of the messages themselves; English is the translation.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", gettext_lazy("Tiếng Việt")), ("en", gettext_lazy("English"))]
LOCALE_PATHS = [CHECKOUT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATICFILES_DIRS = [CHECKOUT / "static" / "dist"]
# Files are served from where they lie, so that `up` needs no copying step.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

FILES_DIR = DATA_DIR / "files"
UPLOAD_LIMIT_BYTES = 25 * 1024 * 1024
# Registers, prepared copies of the population data and what batches work on; made anew from what offices hold.
VERIFICATION_DIR = DATA_DIR / "verification"
VERIFICATION_LIMIT_BYTES = 200 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 * 1024 * 1024
FILE_LINK_SECONDS = 15 * 60

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": environment.text("LOG_LEVEL", "WARNING")},
}
