"""Serves the plain view on the same server as the product: `python -m bench.plain`."""

import os

from granian import Granian
from granian.constants import Interfaces

from bihuan.config import environment as env

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.plain.settings"
Granian(
    "bench.plain.wsgi:application",
    port=env.number("BIHUAN_PORT"),
    interface=Interfaces.WSGI,
    workers=env.number("BIHUAN_WEB_WORKERS"),
    blocking_threads=env.number("BIHUAN_WEB_THREADS"),
    websockets=False,
).serve()
