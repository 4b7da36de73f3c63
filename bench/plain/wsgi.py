"""The WSGI application of the plain view, without any middleware."""

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

django.setup()
settings.MIDDLEWARE = []  # not in the settings, where some apps insist on theirs
application = WSGIHandler()
