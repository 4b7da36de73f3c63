"""The WSGI application that the web server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from bihuan.config.lifeline import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
application = get_wsgi_application()

get_resolver().check()  # loads every page now, not by its first visitor
gc.collect()
gc.freeze()  # what is loaded now stays: the collector need not look through it again and again

if os.environ.get("BIHUAN_SUPERVISED"):
    end_with_parent()
