"""Metrics for Prometheus: requests by route, and the state of the workers."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """One registry an application, so that several can live in one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "atomlens_http_requests", "Requests", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram("atomlens_http_request_seconds", "Time to answer", ["route"], registry=self._registry)
        self._lanes = Gauge("atomlens_workers", "Workers and waiting tasks", ["lane", "state"], registry=self._registry)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        known = method if method in {"GET", "HEAD", "POST", "DELETE", "OPTIONS"} else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def render(self, lanes: dict[str, dict[str, int]]) -> bytes:
        """The text format."""
        for lane, states in lanes.items():
            for state, count in states.items():
                self._lanes.labels(lane, state).set(count)
        return generate_latest(self._registry)
