"""Runs Waitress, Pyramid's usual server, in as many processes as asked for. `production.ini` names `serve`.

Waitress serves from one process. Above one, each process runs Waitress on a listening socket that all of them
inherit, under a parent that passes SIGTERM on and replaces a process that dies.
"""

import logging
import os
import signal
import socket
import time

import waitress

log = logging.getLogger(__name__)

LONGEST_DRAIN_S = 15


def serve(app, global_config, host, port, workers, threads):
    with socket.create_server((host, int(port)), backlog=1024) as listener:
        if int(workers) == 1:
            serve_alone(app, listener, int(threads))
        else:
            supervise(lambda: serve_alone(app, listener, int(threads)), listener, int(workers))


def serve_alone(app, listener, threads):
    server = waitress.create_server(
        app,
        sockets=[listener],
        threads=threads,
        connection_limit=4096,  # idle keep-alive connections count too; the default is 100
        asyncore_use_poll=True,  # select() knows no descriptor above 1023
        channel_timeout=75,
    )
    signal.signal(signal.SIGTERM, lambda *_: drain(server))
    server.run()


def drain(server):
    """Accepts no more, ends each connection with the answer under way, and leaves when none is open."""
    waitress.wasyncore.dispatcher.close(server)  # the listening socket only
    deadline = time.monotonic() + LONGEST_DRAIN_S

    def tick(*_):
        channels = list(server.active_channels.values())
        if not channels or time.monotonic() > deadline:
            raise SystemExit
        for channel in channels:
            if not channel.requests and not channel.request:
                channel.will_close = True  # as Waitress itself does with connections that were idle for long
            for request in list(channel.requests):
                request.headers["CONNECTION"] = "close"  # as if the client had asked for it

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, tick)
    signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)


def supervise(run, listener, workers):
    """Keeps `workers` processes running until SIGTERM or SIGINT, then waits for them to end."""
    stopping = False
    children = {spawn(run) for _ in range(workers)}

    def stop(*_):
        nonlocal stopping
        stopping = True
        listener.close()
        for pid in children:
            os.kill(pid, signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while children:
        pid, status = os.wait()
        children.discard(pid)
        if not stopping:
            log.error("process %s ended with status %s, starting another", pid, os.waitstatus_to_exitcode(status))
            children.add(spawn(run))


def spawn(run):
    pid = os.fork()
    if pid == 0:
        run()
        os._exit(0)
    return pid
