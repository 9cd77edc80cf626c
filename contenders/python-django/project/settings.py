"""Settings for production, after Django's deployment checklist. No sessions, users or admin: nothing here needs them."""

import os

import dj_database_url

DEBUG = False
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = [os.environ.get("HOST", "127.0.0.1"), "127.0.0.1", "localhost", "[::1]"]

ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
INSTALLED_APPS = ["shop"]
# No CsrfViewMiddleware: clients prove who they are by a header, which no foreign page can make a browser send.
MIDDLEWARE = [
    "shop.access_log.AccessLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "shop.middleware.TokenMiddleware",
    "shop.middleware.ProblemMiddleware",
]
SECURE_CROSS_ORIGIN_OPENER_POLICY = None  # no page of this service opens windows
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 65_536

TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
USE_I18N = False

# A thread keeps its connection from one request to the next. Where there are more threads than a process may hold
# connections, they share Django's pool instead.
THREADS, CONNECTIONS = int(os.environ.get("THREADS", "1")), int(os.environ.get("DATABASE_POOL", "8"))
SHARED = THREADS > CONNECTIONS or os.environ.get("DATABASE_SHARED") == "1"

DATABASES = {"default": dj_database_url.config(conn_max_age=0 if SHARED else None, conn_health_checks=True)}
DATABASES["default"]["OPTIONS"] = {"connect_timeout": 5, "options": "-c statement_timeout=15s"}
if SHARED:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": CONNECTIONS, "timeout": 5}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

TOKEN_KEY = os.environ["TOKEN_KEY"]
UPSTREAM_URL = os.environ.get("UPSTREAM_URL", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "access": {
            "class": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(time)s %(method)s %(path)s %(status)s %(duration_ms)s %(user)s",
        },
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler"},
        "access": {
            "class": "logging.handlers.WatchedFileHandler",
            "filename": os.environ["ACCESS_LOG"],
            "formatter": "access",
        },
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"level": "ERROR"},  # a client's 4xx is a warning, and no business of this log
        "shop.access_log": {"handlers": ["access"], "level": "INFO", "propagate": False},
    },
}
