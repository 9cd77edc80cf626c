"""The routes that need no table: constants, computing, waiting, calling others, readiness."""

import time
from concurrent.futures import ThreadPoolExecutor

import urllib3
from django.conf import settings
from django.db import connection
from django.http import JsonResponse

from .api import ApiView
from .forms import ComputationForm, FanOutForm, WaitForm

CALLS_AT_ONCE = 64
callers = ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="upstream")
upstream = urllib3.PoolManager(maxsize=CALLS_AT_ONCE, timeout=urllib3.Timeout(15))


class HelloView(ApiView):
    def get(self, request):
        return JsonResponse({"message": "Hello, World!"})


class HealthView(ApiView):
    def get(self, request):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return JsonResponse({"status": "ok"})


class WaitView(ApiView):
    def get(self, request):
        ms = self.query(WaitForm).cleaned_data["ms"]
        time.sleep(ms / 1000)
        return JsonResponse({"waited_ms": ms})


class FanOutView(ApiView):
    def get(self, request):
        n = self.query(FanOutForm).cleaned_data["n"]
        urls = [f"{settings.UPSTREAM_URL}/part/{part}" for part in range(1, n + 1)]
        parts = list(callers.map(call, urls))
        return JsonResponse({"parts": parts, "sum": sum(part["value"] for part in parts)})


def call(url):
    response = upstream.request("GET", url)
    if response.status != 200:
        raise urllib3.exceptions.HTTPError(f"{url} answered {response.status}")
    return response.json()


class ComputeView(ApiView):
    def post(self, request):
        n = self.body(ComputationForm).cleaned_data["n"]
        start, length = longest_chain(n)
        return JsonResponse({"n": n, "start": start, "length": length})


def longest_chain(n):
    """The smallest start below `n` with the longest Collatz chain, and the chain's length."""
    best_start, best_length = 0, 0
    for start in range(1, n):
        value, length = start, 1
        while value != 1:
            value = value // 2 if value % 2 == 0 else 3 * value + 1
            length += 1
        if length > best_length:
            best_start, best_length = start, length
    return best_start, best_length
