"""Figures of the running site for Prometheus: requests by page and status, and how long they took. Nothing of who asked."""

from __future__ import annotations

from time import perf_counter

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from matcher.settings import metrics_folder

REQUESTS = Counter("matcher_requests_total", "Requests answered.", ("method", "route", "status"))

SECONDS = Histogram(
    "matcher_request_seconds",
    "Seconds until the answer began.",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def install(app: Flask) -> None:
    """Count every request. A page is told by the pattern of its address, as in the access log."""
    app.before_request(_begin)
    app.after_request(_count)


def exposition() -> tuple[bytes, str]:
    """The figures of all processes of the site together, and their content type."""
    if metrics_folder() is None:
        return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST


def forget_process(pid: int) -> None:
    """A worker process has ended: what it had open is closed, what it counted stays."""
    if metrics_folder() is not None:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]


def _begin() -> None:
    g.metrics_began = perf_counter()


def _count(answer: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "none"
    method = request.method if request.method in _METHODS else "other"
    REQUESTS.labels(method, route, str(answer.status_code)).inc()
    if "metrics_began" in g:
        SECONDS.labels(route).observe(perf_counter() - g.metrics_began)
    return answer
