"""Django's settings: the only module that knows every room."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from bihuan.config import environment as env
from bihuan.config.embedded import database_settings
from bihuan.config.environment import tile_hosts

PACKAGE = Path(__file__).resolve().parent.parent
DATA = env.data_folder()

SECRET_KEY = env.secret_key()
DEBUG = env.flag("BIHUAN_DEBUG")
DEMO = env.flag("BIHUAN_DEMO")
ALLOWED_HOSTS = env.names("BIHUAN_HOSTS")

# The order is the section drawing of the house: a room imports only rooms listed before it.
ROOMS = [
    "core", "audit", "territory", "accounts", "api", "files", "notices", "cases", "intake", "insight",
    "ledgers", "reports", "demo",
]  # fmt: skip

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_cotton",
    "django_htmx",
    "django_vite",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    *[f"bihuan.{room}" for room in ROOMS],
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "bihuan.api.middleware.ApiMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bihuan.accounts.middleware.PersonMiddleware",
    "bihuan.core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "bihuan.config.urls"
WSGI_APPLICATION = "bihuan.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bihuan.core.context.page",
                "bihuan.territory.context.district_name",
                "bihuan.demo.context.demo",
            ],
        },
    }
]

FORM_RENDERER = "bihuan.core.rendering.Renderer"

DATABASES = {"default": database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"},
}

# -- people -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
REQUIRE_MFA = env.flag("BIHUAN_REQUIRE_MFA")
ACCOUNT_ADAPTER = "bihuan.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "bihuan.accounts.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; the login form reads this too
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PHONE_VERIFICATION_ENABLED = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_DISPLAY = "bihuan.accounts.sessions.display_name"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("BIHUAN_TRUSTED_PROXIES")
MFA_ADAPTER = "bihuan.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # phones' clocks differ by a few seconds
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not env.flag("BIHUAN_HTTPS")  # only localhost is secure without https

# -- language and time --------------------------------------------------------------------------------
LANGUAGE_CODE = env.text("BIHUAN_LANGUAGE")
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = "bihuan.config.formats"
USE_TZ = True
TIME_ZONE = env.text("BIHUAN_TIME_ZONE")

# -- files --------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True
DJANGO_VITE = {
    "default": {
        "static_url_prefix": "dist",
        "manifest_path": PACKAGE / "static" / "dist" / "manifest.json",
    }
}
MEDIA_ROOT = DATA / "files"
if env.text("BIHUAN_S3_BUCKET"):
    _private = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.text("BIHUAN_S3_BUCKET"),
            "endpoint_url": env.text("BIHUAN_S3_ENDPOINT") or None,
            "access_key": env.text("BIHUAN_S3_ACCESS_KEY") or None,
            "secret_key": env.text("BIHUAN_S3_SECRET_KEY") or None,
            "default_acl": None,
            "file_overwrite": True,
        },
    }
else:
    _private = {
        "BACKEND": "bihuan.files.storage.DurableFileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT, "file_permissions_mode": 0o600},
    }
STORAGES = {
    "default": _private,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
MAP_TILES = env.text("BIHUAN_TILES")

# -- messages -----------------------------------------------------------------------------------------
SITE_URL = env.site_url()
EMAIL_IS_ON = bool(env.text("BIHUAN_EMAIL_URL"))
if EMAIL_IS_ON:
    globals().update(env.email_settings(env.text("BIHUAN_EMAIL_URL")))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("BIHUAN_EMAIL_FROM")
EMAIL_USE_LOCALTIME = True
WEBHOOKS_ARE_ON = env.flag("BIHUAN_WEBHOOKS")
WEBHOOK_URL = env.text("BIHUAN_WEBHOOK_URL")
WEBHOOK_SECRET = env.text("BIHUAN_WEBHOOK_SECRET")
WEBHOOK_PRIVATE = env.flag("BIHUAN_WEBHOOK_PRIVATE")

# -- background ---------------------------------------------------------------------------------------
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "background"

# -- security -----------------------------------------------------------------------------------------
HTTPS = env.flag("BIHUAN_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
VISITOR_LIMITS = env.flag("BIHUAN_VISITOR_LIMITS")
SECURE_SSL_REDIRECT = False  # the proxy that ends https redirects
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", *tile_hosts(MAP_TILES)],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
