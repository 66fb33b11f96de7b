"""A worker of gunicorn that reads requests and sends answers with waitress: a slow client costs a buffer and no thread.

gunicorn's own threaded worker gives each connection a thread from its first byte on: as many half-sent requests as there are
threads stopped all answers. waitress takes in whole requests and sends answers in one loop, and gives threads whole requests only.
"""

from __future__ import annotations

import logging
import os
import resource
import time
from typing import Any
from weakref import WeakKeyDictionary

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server

from matcher.web import LARGEST_FORM

LARGEST_HEADER = 64 * 1024

LARGEST_BODY = LARGEST_FORM + 1024**2

"""Bytes of a request's body that are taken in before anybody has looked at it; a page allows less of its own."""

HEADER_SECONDS, BODY_SECONDS = 30, 300

"""By when a request must have come whole: its header, its body. 20 MB take 160 seconds at 1 Mbit/s."""

IDLE_SECONDS = 75

MOST_CONNECTIONS = 1000

MOST_WAITING_BYTES = 512 * 1024**2

"""Bytes of bodies that have not come whole yet, of all connections together; beyond it the longest of them is dropped."""

_LARGEST_ANSWER = (
    64 * 1024**2
)  # what an application's thread may leave behind to be sent; more is streamed as it is taken

_FIRST_REQUEST_SECONDS = 1.0
"""How long a connection that was taken just before the end has for its request: nobody else can answer it any more."""

_FILES = 8192

_TICK = 1.0


class BufferingWorker(Worker):
    """Serves the application on gunicorn's sockets.

    SIGTERM lets requests that have come whole be answered to their last byte, and those that are on their way over a
    connection that was taken in the second before.
    """

    def run(self) -> None:
        """Answer until told to stop."""
        _raise_limit_of_files()
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests wait is no news
        self._map: dict[int, Any] = {}
        self._incomplete: WeakKeyDictionary[HTTPRequestParser, float] = WeakKeyDictionary()
        listeners: list[Any] = self.sockets
        server = create_server(
            self.wsgi,
            map=self._map,
            sockets=[one.sock for one in listeners],
            threads=self.cfg.threads,
            ident=None,
            channel_timeout=IDLE_SECONDS,
            connection_limit=MOST_CONNECTIONS,
            asyncore_use_poll=True,
            max_request_header_size=LARGEST_HEADER,
            max_request_body_size=LARGEST_BODY,
            outbuf_high_watermark=_LARGEST_ANSWER,
            # The application itself knows how many proxies stand in front (PROXIES).
            clear_untrusted_proxy_headers=False,
        )
        while self.alive and self._is_parent_there():
            self._turn()
        self._end(server)

    def _turn(self) -> None:
        self.notify()
        wasyncore.loop(timeout=_TICK, use_poll=True, map=self._map, count=1)
        self._drop_slow(time.monotonic())

    def _end(self, server: Any) -> None:
        """Take no new connection, answer what has come whole, and leave what has not."""
        for listener in [one for one in self._map.values() if getattr(one, "accepting", False)]:
            listener.accepting = False
        # What the system has taken in already is read first: closed over it, a connection is reset.
        wasyncore.loop(timeout=0, use_poll=True, map=self._map, count=1)
        deadline = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < deadline:
            idle = [one for one in self._channels() if not (one.requests or one.total_outbufs_len)]
            new = [one for one in idle if _is_new(one)]
            if not new and len(idle) == len(self._channels()):
                break
            for channel in idle:
                channel.will_close = channel.will_close or channel not in new
            self._turn()
        server.task_dispatcher.shutdown(timeout=max(0.0, deadline - time.monotonic()))
        wasyncore.close_all(self._map)

    def _channels(self) -> list[HTTPChannel]:
        return [one for one in self._map.values() if isinstance(one, HTTPChannel)]

    def _drop_slow(self, now: float) -> None:
        """Close connections whose request does not come to an end, and the longest of those that fill the disk."""
        waiting = [one for one in self._channels() if one.request is not None]
        for channel in waiting:
            seconds = BODY_SECONDS if channel.request.headers_finished else HEADER_SECONDS
            if now - self._incomplete.setdefault(channel.request, now) > seconds:
                channel.will_close = True
        room = MOST_WAITING_BYTES
        for channel in sorted(waiting, key=_received):
            room -= _received(channel)
            channel.will_close = channel.will_close or room < 0

    def _is_parent_there(self) -> bool:
        return self.ppid == os.getppid()


def _is_new(channel: HTTPChannel) -> bool:
    """Whether a connection has neither brought its first request nor had the time to."""
    has_asked = channel.last_activity > channel.creation_time and channel.request is None
    return not has_asked and time.time() - channel.creation_time < _FIRST_REQUEST_SECONDS


def _received(channel: HTTPChannel) -> int:
    return 0 if channel.request is None else int(channel.request.body_bytes_received)


def _raise_limit_of_files() -> None:
    """Each connection is an open file, and a large body another."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
