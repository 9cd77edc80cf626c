"""Gunicorn's settings for production; the address, workers and threads come from the command line."""

import os

worker_class = "gthread"
worker_connections = 4096  # idle keep-alive connections count too; the default of 1000 would refuse clients
keepalive = 75
graceful_timeout = 15
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # the heartbeat must not wait for a disk
control_socket_disable = True  # nobody manages this instance by hand
loglevel = "warning"  # errors go to stderr, and there is no access log


def worker_exit(server, worker):
    """The pool's threads end before the interpreter does."""
    from django.db import connection

    connection.close_pool()
