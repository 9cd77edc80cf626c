"""What the WSGI server runs."""

import atexit
import os

from django.core.wsgi import get_wsgi_application
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

application = get_wsgi_application()

# Where threads share a pool of connections, its own threads end before the interpreter does.
atexit.register(connection.close_pool)
