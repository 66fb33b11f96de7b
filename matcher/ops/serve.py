"""Serves the site with gunicorn: prepares what it keeps, answers on the port, says its address, stops on SIGTERM."""

import logging
import os
import re
import socket
import subprocess
import sys
import tempfile
from typing import Any, NoReturn

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from matcher import places
from matcher.accounts import UndeclaredRightError
from matcher.db import StoreError, migrate
from matcher.letters.pdf import check_fonts
from matcher.places import has_draft_rules, rules_dir
from matcher.rulebook import RulebookError
from matcher.settings import SettingsError, child_environment, settings, share_metrics
from matcher.site import MissingSecretError, create_app

from . import sharing, worker
from .buffering import BufferingWorker
from .secret import secret_key

_JOBS_SECONDS = 25

_LINK = re.compile(r"(/link/)[^\s'\"?]+")


def serve(host: str, port: int) -> None:
    """Serve the site on `host`:`port` (0: any free port) until SIGTERM or SIGINT; does not return before that.

    SIGHUP takes the rules on disk anew, without a request lost.

    Brings the database to the newest migration first. `WEB_CONCURRENCY` sets the number of worker processes (2). A worker
    for the desk's long work runs beside it, unless `JOBS=off`.
    Exits with 1 and a sentence that says what to do if the address is taken, a letter font or the quick subsetter is
    missing, the database or the rules cannot be used, or the secret cannot be kept; with gunicorn's own code if no worker starts.
    """
    sharing.limit_heaps()
    _refuse_taken(host, port)
    _refuse_without_fonts()
    if settings().metrics_token:
        shared = tempfile.TemporaryDirectory(prefix="matcher-metrics-", ignore_cleanup_errors=True)
        share_metrics(shared.name)
    try:
        migrate()
        # Made once, before the workers part: the rules are loaded once, and their faults told once.
        app = create_app({"SECRET_KEY": secret_key(places.instance_dir())})
    except (OSError, StoreError, RulebookError, MissingSecretError, SettingsError, UndeclaredRightError) as error:
        _stop(f"网站无法启动 / The site cannot start: {error}")
    # Before the workers part, too: nobody waits for the first search or letter, and what they need is shared.
    sharing.prepare(app)
    _Site(host, port, app).run()


def address(host: str, port: int) -> str:
    """The URL a person on this machine opens: an IPv6 address in brackets, "every interface" as the loopback one."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host.strip("[]"), host.strip("[]"))
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _refuse_taken(host: str, port: int) -> None:
    """Exit now if the address is taken or not ours: gunicorn itself would try for five seconds first."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host.strip("[]"), port))
    except OSError as error:
        url = address(host, port)
        _stop(
            f"无法在 {url} 上提供服务（{error.strerror}）：请停止占用端口的程序，或另设 HOST、PORT。\n"
            f"Cannot listen on {url} ({error.strerror}): stop what uses the port, or set HOST or PORT."
        )


def _refuse_without_fonts() -> None:
    """Exit now if letters could not be printed as they should be, rather than at the first letter that comes out wrong."""
    problems = [f"{problem.zh}\n{problem.en}" for problem in check_fonts()]
    if problems:
        _stop("\n".join(["函件无法印制 / Letters cannot be printed:", *problems]))


def _stop(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise SystemExit(1)


class _Log(Logger):
    """The log of failures, gunicorn's and waitress's, without the keys of private links. Requests are logged by the site itself."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, logging.getLogger("waitress")):
            log.addFilter(_without_keys)


def _without_keys(record: logging.LogRecord) -> bool:
    """Rub the key out of an address that gunicorn quotes, as it does of a request that it cannot read."""
    record.msg, record.args = _LINK.sub(r"\1…", record.getMessage()), ()
    return True


class _Site(BaseApplication):
    """The site as gunicorn wants it: its settings and the app that every worker serves."""

    def __init__(self, host: str, port: int, app: Flask) -> None:
        self._host, self._port, self._app = host, port, app
        self._keeper: subprocess.Popen[bytes] | None = None
        super().__init__()

    def load_config(self) -> None:
        host = f"[{self._host.strip('[]')}]" if ":" in self._host else self._host
        options: dict[str, Any] = {
            "bind": f"{host}:{self._port}",
            "workers": settings().web_concurrency,
            "worker_class": BufferingWorker,
            # For requests that have come whole: some of them wait for another process, such as one that reads a file.
            "threads": 8,
            "timeout": 60,
            # After SIGTERM a letter that is being made has this many seconds left.
            "graceful_timeout": 20,
            "loglevel": "warning",
            "logger_class": _Log,
            "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,
            "post_worker_init": self._announce,
            "when_ready": self._start_jobs,
            "on_reload": self._restart_jobs,
            "child_exit": self._forget,
            "on_exit": self._stop_jobs,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._app

    def reload(self) -> None:
        """On SIGHUP: new workers serve the rules as they are on disk now, once the old ones have answered what they were asked.

        Rules that do not load are told on standard error, and the site goes on with those it has.
        """
        super().reload()
        try:
            self._app = create_app({"SECRET_KEY": secret_key(places.instance_dir())})
            sharing.prepare(self._app)
        except (OSError, StoreError, RulebookError, MissingSecretError, SettingsError) as error:
            print(
                f"规则没有换，继续用原来的 / Not reloaded, the former rules stay: {error}", file=sys.stderr, flush=True
            )
        self.callable = None

    def _announce(self, worker: Worker) -> None:
        """Print the address once the first worker's app has answered /healthz; the port is open by then.

        Raises RuntimeError in a worker whose app does not answer it, which stops the whole server with exit code 3.
        """
        url = address(self._host, worker.sockets[0].getsockname()[1])
        # Where only certain host names are answered, the address itself need not be one of them.
        trusted = self._app.config.get("TRUSTED_HOSTS")
        answer = self._app.test_client().get(
            "/healthz", base_url=f"http://{trusted[0].lstrip('.')}" if trusted else url
        )
        # A worker that begins while the database is away waits for it: /healthz goes on to say so.
        if answer.status_code not in (200, 503):
            raise RuntimeError(f"/healthz answered {answer.status}")
        if worker.age == 1:
            if has_draft_rules():
                print(f"试算规则草稿，不签发函件 / A draft rulebook, no letters are issued: {rules_dir()}", flush=True)
            print(f"Serving on {url}", flush=True)

    def _forget(self, server: object, worker: Worker) -> None:
        """A worker process has ended; its figures stay."""
        if settings().metrics_token:
            from matcher.web import metrics

            metrics.forget_process(int(worker.pid))

    def _start_jobs(self, server: object) -> None:
        """Start what does the desk's long work, once the address is ours; under a draft it waits for the rules in force."""
        if settings().jobs and not has_draft_rules():
            self._keeper = worker.start(child_environment())

    def _restart_jobs(self, server: object) -> None:
        """Long work goes by the new rules too; what is under way is taken up again."""
        if self._keeper is not None:
            self._stop_jobs(server)
            self._start_jobs(server)

    def _stop_jobs(self, server: object) -> None:
        """End it with the site: what it is at is taken up at the next start."""
        if self._keeper is not None:
            worker.stop(self._keeper, _JOBS_SECONDS)
