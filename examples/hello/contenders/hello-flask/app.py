import time

from flask import Flask, request

app = Flask(__name__)


def count_primes(below):
    count = 0
    for n in range(2, below):
        d = 2
        while d * d <= n and n % d != 0:
            d += 1
        count += d * d > n
    return count


@app.get("/healthz")
def healthz():
    return {"ok": True}


@app.get("/hello/<int:n>")
def hello(n):
    return {"hello": n}


@app.get("/primes/<int:below>")
def primes(below):
    return {"below": below, "primes": count_primes(below)}


@app.get("/pause")
def pause():
    time.sleep(0.02)
    return {"paused_ms": 20}


@app.post("/echo")
def echo():
    return {"text": request.get_json()["text"]}
