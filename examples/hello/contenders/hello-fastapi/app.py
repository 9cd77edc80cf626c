import asyncio

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()


class Echo(BaseModel):
    text: str


def count_primes(below):
    count = 0
    for n in range(2, below):
        d = 2
        while d * d <= n and n % d != 0:
            d += 1
        count += d * d > n
    return count


def number(text):
    if not text.isdecimal():
        raise HTTPException(404)
    return int(text)


@app.get("/healthz")
async def healthz():
    return {"ok": True}


@app.get("/hello/{n}")
async def hello(n: str):
    return {"hello": number(n)}


@app.get("/primes/{n}")
def primes(n: str):
    below = number(n)
    return {"below": below, "primes": count_primes(below)}


@app.get("/pause")
async def pause():
    await asyncio.sleep(0.02)
    return {"paused_ms": 20}


@app.post("/echo")
async def echo(body: Echo) -> Echo:
    return body
