"""Gunicorn's settings for production; the address, workers and threads come from the command line."""

import os

worker_class = "gthread"
keepalive = 75
timeout = 3_600  # the default of 30 s kills workers that stood still for longer, as when the server is paused between two loads
graceful_timeout = 15
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # the heartbeat must not wait for a disk
control_socket_disable = True  # nobody manages this instance by hand
