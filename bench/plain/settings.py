"""The product's settings, for the addresses of the plain view."""

from bihuan.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.plain.urls"
