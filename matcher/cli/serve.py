"""`matcher serve` and `matcher jobs`: the web site on this machine, and the worker that does the long work."""

from __future__ import annotations

import click

from .options import rules_option

# ---------------------------------------------------------------------------------------------------------------------
# `matcher serve`: the web site on this machine.
# ---------------------------------------------------------------------------------------------------------------------


@click.command()
@click.option("--host", help="Address to listen on (HOST, else 127.0.0.1) / 监听地址")
@click.option("--port", type=click.IntRange(0, 65535), help="Port (PORT, else 8000) / 端口")
@rules_option
def serve(host: str | None, port: int | None) -> None:
    """Serve the site until it is told to stop (SIGTERM, Ctrl-C).

    With --rules every page says that a draft is served; no letter is issued from it, and long work waits.
    启动网站。
    """
    from matcher.ops import serve as run  # Flask and the database are loaded for the site alone
    from matcher.settings import settings

    told = settings()
    run(told.host if host is None else host, told.port if port is None else port)


# ---------------------------------------------------------------------------------------------------------------------
# `matcher jobs`: the worker that does the desk's long work.
# ---------------------------------------------------------------------------------------------------------------------


@click.command()
@click.option(
    "--keep", is_flag=True, hidden=True, help="Start the worker again when it dies, until standard input ends"
)
def jobs(keep: bool) -> None:
    """Do the long work of the desk (spreadsheets, screenings) until SIGTERM or Ctrl-C; nothing is lost by that.

    `matcher serve` starts one by itself unless JOBS=off. Several may run, also on other machines with the same
    database; REDIS_URL wakes them by Redis instead of a file of the instance folder.

    处理批量核对等耗时的工作；随时可以停止，下次接着做。
    """
    if keep:
        from matcher.ops import worker as ops_worker

        ops_worker.keep()
        return
    from matcher.ops import Worker, log_to_stderr
    from matcher.rulebook import load

    from .register import office, refusing

    log_to_stderr()
    with refusing():
        worker = Worker(office(load()))
    worker.work()
