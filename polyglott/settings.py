"""Django's settings. One file; what varies comes from :mod:`polyglott.env`."""

import hashlib
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from polyglott.env import BASE_DIR, env

DEBUG = env.debug
SECRET_KEY = env.key()
ALLOWED_HOSTS = env.hosts
CSRF_TRUSTED_ORIGINS = env.origins
PUBLIC_URL = env.base_url
VAR_DIR = env.var_dir
TIME_SCALE = env.time_scale
CORRECTIONS = env.corrections
LANGUAGETOOL_URL = env.languagetool_url
REPORTS = env.reports
UNDO_S = env.undo_s
OLLAMA_HOST = env.ollama_host
ALLOW_CLOUD = env.allow_cloud
ENGINE = env.engine
ENGINE_MODEL = env.engine_model
PROBE_EVERY_S = env.probe_every_s
WEIGHTS_DIR = VAR_DIR / "models"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "allauth",
    "allauth.account",
    "polyglott",
    "tutor.audit",
    "tutor.accounts",
    "tutor.jobs",
    "tutor.llm",
    "tutor.checkers",
    "tutor.classrooms",
    "tutor.conversations",
    "tutor.chat",
    "tutor.review",
    "tutor.classes",
    "tutor.console",
    "tutor.welcome",
    "tutor.profile",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tutor.accounts.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tutor.accounts.middleware.EndedSessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "polyglott.urls"
ASGI_APPLICATION = "polyglott.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "polyglott.context.house",
            ]
        },
    }
]

# WAL + IMMEDIATE loses no write under concurrency; FULL keeps the promise about the plug; secure_delete keeps the one
# about erasing.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "polyglott.sqlite3",
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
            ),
        },
        "TEST": {"NAME": VAR_DIR / "test.sqlite3"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["tutor.accounts.hashing.QueuedHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "tutor.accounts.adapter.ClosedHouse"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
# A school often has one address for everybody: what is narrow counts by name.
ACCOUNT_RATE_LIMITS = {"one_time_code": "10/m/ip", "login": "300/m/ip", "login_failed": "100/m/ip,5/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.behind_proxy)
# The counts of these limits stand here; Django's 300 entries would let whoever makes many forget the others.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}},
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.secure
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if env.secure else 0
# A header that only secure contexts honour would log a console warning on plain http in the house's own network.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if env.secure else None
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.secure else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF, *(origin.replace("http", "ws", 1) for origin in env.origins)],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}


def _tree_hash(root: Path) -> str:
    """A name for this build of the static files: any change of any file changes the one prefix they all share."""
    digest = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_BUILD = _tree_hash(BASE_DIR / "static")
STATIC_URL = f"/static/{STATIC_BUILD}/"
STATIC_ROOT = VAR_DIR / "static" / STATIC_BUILD
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+$"
# Where nothing was collected (tests, manage.py serve by hand), files are found where they stand.
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "css").is_dir()
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["polyglott.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"discretion": {"()": "polyglott.discretion.Discretion"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discretion"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "polyglott": {"level": env.log_level},
        "tutor": {"level": env.log_level},
        # Daphne's access lines and Django's request lines name paths, never words; they are noise below WARNING.
        "daphne": {"level": "WARNING"},
        "django": {"level": "WARNING"},
    },
}
