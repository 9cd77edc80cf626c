"""Gunicorn's settings for production with gevent; the address and workers come from the command line."""

import os

worker_class = "gevent"  # patches the standard library before it loads the application, so that waiting hands over
keepalive = 75
timeout = 3_600  # the default of 30 s kills workers that stood still for longer, as when the server is paused between two loads
graceful_timeout = 8  # a gevent worker waits for clients that hold a connection open until this is over
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # the heartbeat must not wait for a disk
control_socket_disable = True  # nobody manages this instance by hand
loglevel = "warning"  # errors go to stderr; the application writes the access log
