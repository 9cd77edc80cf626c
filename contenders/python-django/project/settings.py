"""Settings for production, after Django's deployment checklist. No sessions, users or admin: nothing here needs them."""

import os

import dj_database_url
from django.core.management.utils import get_random_secret_key

DEBUG = False
# Nothing is signed, so a key that lasts as long as the process is enough unless one is given.
SECRET_KEY = os.environ.get("SECRET_KEY") or get_random_secret_key()
ALLOWED_HOSTS = [os.environ.get("HOST", "127.0.0.1"), "127.0.0.1", "localhost", "[::1]"]

ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
INSTALLED_APPS = ["shop"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shop.middleware.ProblemMiddleware",
]
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 65_536

TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
USE_I18N = False

DATABASES = {"default": dj_database_url.config()}
DATABASES["default"]["OPTIONS"] = {
    "pool": {"min_size": 1, "max_size": int(os.environ.get("DATABASE_POOL", "8")), "timeout": 5},
}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

UPSTREAM_URL = os.environ.get("UPSTREAM_URL", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"level": "ERROR"}},  # a client's 4xx is a warning, and no business of the log
}
