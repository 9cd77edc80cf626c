"""Gunicorn's settings for production; the address, workers and threads come from the command line."""

import os
import signal

worker_class = "gthread"
worker_connections = 12_000  # idle keep-alive connections count too; the default of 1000 would refuse clients, and 10,000 are asked for
keepalive = 75
timeout = 3_600  # the default of 30 s kills workers that stood still for longer, as when the server is paused between two loads
graceful_timeout = 15
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # the heartbeat must not wait for a disk
control_socket_disable = True  # nobody manages this instance by hand


def post_worker_init(worker):
    """A socket holds its thread for as long as it is open: on SIGTERM they are closed before the worker waits for its threads."""
    sockets = worker.wsgi.registry["sockets"]
    stop = signal.getsignal(signal.SIGTERM)

    def close_sockets_and_stop(signum, frame):
        sockets.stop()
        stop(signum, frame)

    signal.signal(signal.SIGTERM, close_sockets_and_stop)
