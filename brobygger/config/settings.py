# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""All settings, read from the environment. Every one has a default that works without any variable.

The variables are described in docs/operations.md.
"""

import logging
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import environ
import structlog
from csp.constants import NONCE, NONE, SELF
from django.core.management.utils import get_random_secret_key

ROOT = Path(__file__).resolve().parents[2]
env = environ.Env()
env.ENVIRON = {name: value for name, value in os.environ.items() if value}
"""A variable that is set to nothing, as compose files do, is as if it were not set."""

DATA_DIR = Path(env("BROBYGGER_DATA", default=str(ROOT / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """The secret from the environment, else one made once and kept in the data folder."""
    given: str = env("SECRET_KEY", default="")
    if given:
        return given
    kept = DATA_DIR / "secret_key"
    only_new = os.O_CREAT | os.O_EXCL | os.O_WRONLY
    with suppress(FileExistsError), open(os.open(kept, only_new, 0o600), "w") as made:
        made.write(get_random_secret_key())
    # Web server and worker start at once: one of them makes it, and the other waits for it.
    for _attempt in range(50):
        if found := kept.read_text().strip():
            return found
        time.sleep(0.1)
    return ""


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env("SITE_URL", default="http://localhost:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "brobygger.base",
    "brobygger.accounts",
    "brobygger.blueprints",
    "brobygger.register",
    "brobygger.market",
    "brobygger.dialogue",
    "brobygger.guidance",
    "brobygger.outreach",
    "brobygger.boards",
    "brobygger.cases",
    "brobygger.cases.enquiry",
    "brobygger.cases.lending",
    "brobygger.cases.angels",
    "brobygger.cases.tenders",
    "brobygger.cases.barriers",
    "brobygger.plan",
    "brobygger.portal",
    "brobygger.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "django_tasks",
    "django_tasks_db",
    "import_export",
    "rules.apps.AutodiscoverRulesConfig",
    "simple_history",
    "widget_tweaks",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "brobygger.base.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "brobygger.accounts.middleware.OperatorMiddleware",
    "brobygger.accounts.middleware.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "brobygger.config.urls"
WSGI_APPLICATION = "brobygger.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "brobygger.config.menu.page_frame",
            ],
            "builtins": ["brobygger.base.templatetags.da"],
        },
    }
]

# Databases -------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'brobygger.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-16384; PRAGMA mmap_size=1073741824; PRAGMA temp_store=MEMORY"
        ),
    }
else:
    # Pages ask small questions: compiling them (jit) or sharing them out costs more than answering them. The indexes
    # are in memory or on a disk without a moving arm, so reading along one costs little more than reading a table through.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "options", "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1"
    )
    DATABASES["default"]["OPTIONS"].setdefault("prepare_threshold", 2)  # see base/prepared.py
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "base_keptentry",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
"""What must be counted by all web workers together (guesses, for a while) is kept in the database; what merely saves work,
by each process in memory."""

# Background work -------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# People and sign-in ----------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "brobygger.accounts.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "brobygger.accounts.adapter.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # else anybody has us write to anybody
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Brobygger"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": env("OIDC_ID", default="oidc"),
                "name": env("OIDC_NAME", default="Organisationens log-in"),
                "client_id": env("OIDC_CLIENT_ID"),
                "secret": env("OIDC_SECRET", default=""),
                "settings": {
                    "server_url": env("OIDC_SERVER_URL"),
                    "verified_email": env.list("OIDC_EMAIL_DOMAINS", default=[]),
                },
            }
        ]
    }
    if env("OIDC_CLIENT_ID", default="")
    else {}
}
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURES", default=8)
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "brobygger.accounts.guessing.address_of"
AXES_CLIENT_IP_CALLABLE = "brobygger.accounts.guessing.machine_of"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
ACCOUNT_RATE_LIMITS = {"login_failed": f"{AXES_FAILURE_LIMIT}/15m/key", "manage_email": "5/h/user"}
"""Of codes of two-factor login, for each person, and of letters about another address. Passwords are counted by django-axes
alone, see `AccountAdapter`."""

# Security --------------------------------------------------------------------------------------
MAP_TILES = env("MAP_TILES", default="")
"""Tile address such as https://…/{z}/{x}/{y}.png; empty shows outlines and points only, and asks nobody."""
MAP_ATTRIBUTION = env("MAP_ATTRIBUTION", default="")
_tiles = urlsplit(MAP_TILES.replace("{s}", "*"))
_tile_host = f"{_tiles.scheme}://{_tiles.netloc}" if MAP_TILES else ""
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *([_tile_host] if _tile_host else [])],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SIGN_IN_ELSEWHERE = ["https:"] if HTTPS else ["https:", "http:"]
"""Where the form may lead that sends a person to the organisation's own log-in: from there it often goes on to others, and
browsers hold each step to the policy."""
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 12
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else every visitor is the proxy, and one of them locks all out
CSRF_FAILURE_VIEW = "brobygger.config.pages.outdated"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Language, time, money -------------------------------------------------------------------------
LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk"), ("en", "English")]
LOCALE_PATHS = [ROOT / "brobygger" / "base" / "locale"]
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True
FORMAT_MODULE_PATH = ["brobygger.base.formats"]

# Files -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
INBOUND_DOMAIN = env("INBOUND_DOMAIN", default="")
"""Of the offices' addresses for copies of mail; empty switches them off."""
INBOUND_SECRET = env("INBOUND_SECRET", default="")
"""What a mail service must say to hand mail over by HTTP; empty switches that off."""
MAX_IMAGE_BYTES = env.int("MAX_IMAGE_BYTES", default=10 * 1024 * 1024)
CASE_SCAN = env("CASE_SCAN", default="")
"""Virus scanner for every file that is handed in: a command, or python:module.function. See `brobygger.base.scanning`."""
MAX_IMPORT_BYTES = env.int("MAX_IMPORT_BYTES", default=2 * 1024 * 1024 * 1024)

# Mail ------------------------------------------------------------------------------------------
_mail = env.email_url("EMAIL_URL", default="filemail:///" if "EMAIL_URL" not in env.ENVIRON else "")
EMAIL_BACKEND = _mail.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_HOST = _mail.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(_mail.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(_mail.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 20
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Brobygger <brobygger@localhost>")

# The central business register (CVR) -----------------------------------------------------------
CVR_URL = env("CVR_URL", default="")
CVR_USER = env("CVR_USER", default="")
CVR_PASSWORD = env("CVR_PASSWORD", default="")

# Consultants' own calendars ----------------------------------------------------------------------
CALENDAR_FEEDS = env.bool("CALENDAR_FEEDS", default=False)
"""Whether the worker fetches the calendars (ICS) that consultants give the address of."""
CALENDAR_PRIVATE_ADDRESSES = env.bool("CALENDAR_PRIVATE_ADDRESSES", default=DEBUG)
"""Whether they may lie on a closed network. Off, an address cannot be used to look around behind the firewall."""

# Tables ----------------------------------------------------------------------------------------
FORM_RENDERER = "brobygger.base.forms.Renderer"
DJANGO_TABLES2_TEMPLATE = "base/table.html"
PAGE_SIZE = 25

SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = False
IMPORT_EXPORT_USE_TRANSACTIONS = True
SILENCED_SYSTEM_CHECKS = ["axes.W003"]


LOG_LINE = (
    (structlog.processors.format_exc_info, structlog.processors.JSONRenderer())
    if env.bool("LOG_JSON", default=False)
    else (
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        ),
    )
)


def _without_trace(record: logging.LogRecord) -> bool:
    """A page that is not there or not for this person is one line: where it was refused is no fault to look for."""
    if record.levelno < logging.ERROR and record.name.startswith("django."):
        record.exc_info = None
    return True


LOGGING = {
    "version": 1,
    "filters": {
        "without_trace": {"()": "django.utils.log.CallbackFilter", "callback": _without_trace},
    },
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *LOG_LINE],
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso"),
            ],
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["without_trace"]}
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
    "loggers": {"brobygger": {"level": env("LOG_LEVEL", default="INFO")}},
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.StackInfoRenderer(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
