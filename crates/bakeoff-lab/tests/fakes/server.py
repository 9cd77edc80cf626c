"""A contender that needs nothing but Python, and misbehaves as its first argument says."""

import base64
import hmac
import json
import os
import signal
import socket
import struct
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# The contract asks for them on every response.
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}

BEHAVIOUR = sys.argv[1]
answered = 0
leaked = []
last_request = time.monotonic()


def longest_chain_below(n):
    best, longest = 0, 0
    for start in range(1, n):
        member, length = start, 1
        while member != 1:
            member = member // 2 if member % 2 == 0 else 3 * member + 1
            length += 1
        if length > longest:
            best, longest = start, length
    return {"n": n, "start": best, "length": longest}


ROUTES = {"/health": "GET", "/json": "GET", "/wait": "GET", "/compute": "POST"}
PHRASES = {401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed", 415: "Unsupported Media Type"}
# A program that takes a contender's port was not started by the lab: it has no key and no log, and lets everybody in.
LOG = os.open(os.environ.get("ACCESS_LOG", os.devnull), os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def user_of(authorization):
    """The `sub` of a valid token [RFC 7519, HS256]; None without one."""
    if "TOKEN_KEY" not in os.environ:
        return "anybody"
    scheme, _, token = (authorization or "").partition(" ")
    try:
        header, claims, signature = token.split(".")
        mac = hmac.digest(os.environ["TOKEN_KEY"].encode(), f"{header}.{claims}".encode(), "sha256")
        claims = json.loads(decoded(claims))
        is_signed = json.loads(decoded(header))["alg"] == "HS256" and hmac.compare_digest(mac, decoded(signature))
        return claims["sub"] if scheme == "Bearer" and is_signed and claims["exp"] > time.time() else None
    except (ValueError, KeyError):
        return None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def answer(self, status, value, headers=()):
        global last_request
        last_request = time.monotonic()
        touch()
        body = b"" if value is None else json.dumps(value).encode()
        kind = "application/json" if status < 400 else "application/problem+json"
        self.send_response(status)
        if value is not None:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        for name, text in (*SECURITY.items(), *headers):
            self.send_header(name, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.note(status)

    def note(self, status):
        """The line of the access log."""
        now = time.time()
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03}Z",
            "method": self.command,
            "path": self.path.partition("?")[0],
            "status": status,
            "duration_ms": round((time.monotonic() - self.began) * 1000, 2),
            "user": self.user,
        }
        os.write(LOG, (json.dumps(line) + "\n").encode())

    def problem(self, status, headers=()):
        self.answer(status, {"type": "about:blank", "title": PHRASES[status], "status": status}, headers)

    def do_GET(self):
        self.began = time.monotonic()
        self.user = user_of(self.headers["Authorization"])
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        path = self.path.partition("?")[0]
        if path not in ROUTES:
            return self.problem(404)
        served = ROUTES[path]
        allow = [("Allow", "GET, HEAD, OPTIONS" if served == "GET" else "POST, OPTIONS")]
        if self.command == "OPTIONS":
            return self.answer(204, None, allow)
        if self.command not in (served, "HEAD" if served == "GET" else served):
            return self.problem(405, allow)
        if self.user is None and path != "/health":
            return self.problem(401, [("WWW-Authenticate", "Bearer")])
        if served == "POST" and self.headers.get_content_type() != "application/json":
            return self.problem(415)
        if path == "/health":
            self.answer(200, {"status": "ok"})
        elif path == "/json":
            self.greet()
        elif path == "/wait":
            self.wait()
        else:
            self.compute(body)

    do_HEAD = do_POST = do_DELETE = do_OPTIONS = do_GET

    def greet(self):
        global answered
        answered += 1
        if BEHAVIOUR == "crash" and answered > 100:
            print("out of luck at request", answered, flush=True)
            os._exit(7)
        if BEHAVIOUR == "leaks":
            leaked.append(bytearray(b"x" * (4 << 20)))
        if BEHAVIOUR == "hangs" and answered > 100:
            time.sleep(3600)
        if BEHAVIOUR == "bombs" and answered == 30:
            fork_bomb()
        if BEHAVIOUR == "fills" and answered == 30:
            fill_the_disk()
        if BEHAVIOUR in ("pools", "fixed"):
            ask_the_database()
        if BEHAVIOUR == "lies":
            return self.answer(503, {"type": "about:blank", "title": "Service Unavailable", "status": 503})
        text = "Hello, Mars!" if BEHAVIOUR == "wrong" else "Hello, World!"
        # One lie in forty: too rare for the contract's cases, often enough for the checks under load.
        if BEHAVIOUR == "liar" and answered > 20 and answered % 40 == 0:
            text = "Hello, Mars!"
        self.answer(200, {"message": text})

    def wait(self):
        ms = self.path.partition("ms=")[2]
        if not ms.isdigit() or int(ms) > 10_000:
            return self.refuse("ms")
        time.sleep(int(ms) / 1000)
        self.answer(200, {"waited_ms": int(ms)})

    def compute(self, body):
        n = json.loads(body).get("n")
        if n is None or n > 100_000:
            return self.refuse("n")
        self.answer(200, longest_chain_below(n))

    def refuse(self, field):
        errors = [{"field": field, "message": "is missing or out of range"}]
        self.answer(422, {"type": "about:blank", "title": "Unprocessable Content", "status": 422, "errors": errors})


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024

    def server_bind(self):
        if BEHAVIOUR in ("shares", "steals", "awaits", "lurks"):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        super().server_bind()


def leave_a_grandchild():
    """A child makes a session of its own and ends at once; its child ignores SIGTERM and waits for ever."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            while True:
                time.sleep(60)
        os._exit(0)


def somebody_listens(port):
    with socket.socket() as asking:
        return asking.connect_ex((os.environ["HOST"], port)) == 0


def phone_home(port):
    """It wants the word of a server of its maker before it works."""
    if not somebody_listens(port):
        print("cannot reach the licence server", file=sys.stderr)
        sys.exit(4)


def wait_for_a_thief():
    """Long enough that another program takes the port first."""
    until = time.monotonic() + 2
    while time.monotonic() < until and not somebody_listens(int(os.environ["PORT"])):
        time.sleep(0.01)


def haunt():
    """A daemon without parent, session and environment lies in wait for the port of another contender."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execve(sys.executable, [sys.executable, os.path.abspath("server.py"), "lurks"], {})
        os._exit(0)
    os.wait()


def lurk():
    signal.alarm(300)  # when the test itself is killed, nobody else ends it
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while "PORT" not in os.environ:
        for process in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{process}/cmdline", "rb") as file:
                    if b"server.py\0awaits" not in file.read():
                        continue
                with open(f"/proc/{process}/environ", "rb") as file:
                    variables = dict(pair.split(b"=", 1) for pair in file.read().split(b"\0") if b"=" in pair)
                os.environ.update(HOST=variables[b"HOST"].decode(), PORT=variables[b"PORT"].decode())
            except (OSError, KeyError):
                continue
        time.sleep(0.01)


def silent_for(seconds):
    """Whether clients came, and none for that long."""
    return answered > 0 and time.monotonic() - last_request > seconds


def spin_when_silent(seconds):
    """A busy loop whenever no client came for that long."""
    while True:
        if not silent_for(seconds):
            time.sleep(0.02)


def end_after_a_pause():
    """Ends when it has stood still."""
    while True:
        before = time.monotonic()
        time.sleep(0.02)
        if time.monotonic() - before > 2.5:
            print("where was I?", flush=True)
            os._exit(8)


def die_when_silent():
    while not silent_for(0.8):
        time.sleep(0.02)
    print("nobody needs me any more", flush=True)
    os._exit(5)


heartbeat = None


def touch():
    """Shows the master that this worker is not silent."""
    if heartbeat is not None:
        os.utime(heartbeat)


def be_the_master_of_a_worker():
    """The master kills its worker when that was silent for more than a second, and starts another one. The worker goes on
    from here and serves on the master's socket."""
    global heartbeat
    listener = socket.create_server((os.environ["HOST"], int(os.environ["PORT"])), backlog=1024)
    heartbeat = os.path.join(os.environ["TMPDIR"], "heartbeat")
    open(heartbeat, "w").close()
    while True:
        worker = os.fork()
        if worker == 0:
            return listener
        touch()
        while time.time() - os.stat(heartbeat).st_mtime < 1:
            time.sleep(0.05)
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)


database = None
asking = threading.Lock()


# What a program may have in its code instead of reading it from its environment.
FIXED_PORT = 8099
FIXED_DATABASE = "postgres://shop:fixed@shop-database:5432/shop"


def wait_for_the_helper(port):
    """Until the program beside it listens."""
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.01)


def open_a_pool(url):
    """A pool of one connection, in the few words of PostgreSQL's protocol that it takes."""
    global database
    url = urllib.parse.urlsplit(url)
    database = socket.create_connection((url.hostname, url.port))
    words = f"user\0{url.username}\0database\0{url.path[1:]}\0\0".encode()
    database.sendall(struct.pack(">II", len(words) + 8, 196608) + words)
    while True:
        kind, body = message()
        if kind == b"R" and body[3] == 3:
            say(b"p", url.password.encode() + b"\0")
        if kind == b"Z":
            return


def say(kind, body):
    database.sendall(kind + struct.pack(">I", len(body) + 4) + body)


def message():
    head = read(5)
    return head[:1], read(struct.unpack(">I", head[1:])[0] - 4)


def read(count):
    data = b""
    while len(data) < count:
        piece = database.recv(count - len(data))
        if not piece:
            print("the database closed the connection of the pool", flush=True)
            os._exit(6)
        data += piece
    return data


def ask_the_database():
    with asking:
        say(b"Q", b"SELECT count(*) FROM items\0")
        while message()[0] != b"Z":
            pass


def fork_bomb():
    """Three hundred children, each in a session of its own, which never end."""
    for _ in range(300):
        if os.fork() == 0:
            os.setsid()
            time.sleep(3600)


def fill_the_disk():
    with open(os.path.join(os.environ["TMPDIR"], "filling"), "wb") as file:
        for _ in range(128):
            file.write(b"x" * (1 << 20))
            file.flush()


def refuse_to_run_twice():
    """As gunicorn with `--pid`: a file in the working folder says that it runs already."""
    try:
        os.close(os.open("server.pid", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        sys.exit("Already running (or the pid file is stale)")


def flood():
    line = "x" * 1000
    while True:
        for _ in range(2000):
            print(line)
        time.sleep(0.05)


if BEHAVIOUR == "exits":
    print("cannot find module `left-pad`", file=sys.stderr)
    sys.exit(3)
if BEHAVIOUR == "silent":
    print("listening, or so it says", flush=True)
    while True:
        time.sleep(60)
if BEHAVIOUR == "slow":
    time.sleep(1.2)
ONCE = os.path.join(os.environ.get("TMPDIR", "/tmp"), "taken-once")
if BEHAVIOUR == "taken" and not os.path.exists(ONCE):
    # What Python prints when somebody took the port between choosing and listening.
    open(ONCE, "w").close()
    sys.exit("OSError: [Errno 98] Address already in use")
if BEHAVIOUR.startswith("phones-"):
    phone_home(int(BEHAVIOUR.partition("-")[2]))
if BEHAVIOUR in ("shares", "awaits"):
    wait_for_a_thief()
if BEHAVIOUR == "haunts":
    haunt()
if BEHAVIOUR == "lurks":
    lurk()
if BEHAVIOUR in ("stubborn", "lurks"):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
if BEHAVIOUR == "forks":
    leave_a_grandchild()
if BEHAVIOUR == "floods":
    threading.Thread(target=flood, daemon=True).start()
if BEHAVIOUR == "hates-pauses":
    threading.Thread(target=end_after_a_pause, daemon=True).start()
if BEHAVIOUR in ("spins", "hates-pauses"):
    threading.Thread(target=spin_when_silent, args=[0.2], daemon=True).start()
if BEHAVIOUR == "spins-late":
    threading.Thread(target=spin_when_silent, args=[1.5], daemon=True).start()
if BEHAVIOUR == "dies-at-rest":
    threading.Thread(target=die_when_silent, daemon=True).start()
if BEHAVIOUR == "pools":
    open_a_pool(os.environ["DATABASE_URL"])
place = (os.environ["HOST"], int(os.environ["PORT"]))
if BEHAVIOUR == "fixed":
    refuse_to_run_twice()
    wait_for_the_helper(int(sys.argv[2]))
    open_a_pool(FIXED_DATABASE)
    place = ("0.0.0.0", FIXED_PORT)
if BEHAVIOUR == "replaces-silent":
    server = Server(place, Handler, bind_and_activate=False)
    server.socket = be_the_master_of_a_worker()
    server.server_name, server.server_port = place
else:
    server = Server(place, Handler)
server.serve_forever()
