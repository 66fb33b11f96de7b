"""`matcher jobs`: the worker that does the desk's long work."""

from __future__ import annotations

import click


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
        from matcher.jobs import keeper

        keeper.keep()
        return
    from matcher.commands.register import office, refusing
    from matcher.jobs.worker import Worker, log_to_stderr
    from matcher.rulebook import load

    log_to_stderr()
    with refusing():
        worker = Worker(office(load()))
    worker.work()
