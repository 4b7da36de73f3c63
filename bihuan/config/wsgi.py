"""The WSGI application that the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

from bihuan.config.lifeline import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
application = get_wsgi_application()

if os.environ.get("BIHUAN_SUPERVISED"):
    end_with_parent()
