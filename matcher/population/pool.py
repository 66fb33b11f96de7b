"""Several processes at one table: each takes a partition after another, and one that is killed loses no more than its own."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from matcher import places
from matcher.rulebook import Rulebook, load

from .output import OutputError
from .screening import Order, Worker, Workplace, finish, prepare
from .summary import Tallies
from .table import Table, TableError

Facts = tuple[tuple[Path, ...], tuple[str, ...], tuple[str, ...], tuple[int, ...]]

_MOST_DEATHS = 20

_worker: list[Worker] = []


def screen_by_several(
    rulebook: Rulebook, table: Table, order: Order, out: Path, workers: int, done: Callable[[int], None]
) -> Tallies:
    """As `screen`, by so many processes.

    :raises TableError: where cells are wrong; OutputError where processes end without a word again and again.
    """
    workplace = prepare(rulebook, table, order, out)
    partitions = order.partitions(table)
    waiting = workplace.waiting(partitions)
    done(sum(part.rows for part in partitions) - sum(partitions[number].rows for number in waiting))
    deaths = 0
    while waiting:
        try:
            with workplace.at_work():
                _round(table, order, workplace, waiting, workers, done)
        except BrokenProcessPool:
            deaths += 1
            if deaths > _MOST_DEATHS:
                raise OutputError(
                    zh="工作进程一再意外结束（内存不够？），请用更少的 --workers 再运行，会接着做。",
                    en="worker processes end unexpectedly again and again (out of memory?): run again with fewer --workers; it goes on.",
                ) from None  # fmt: skip
        waiting = workplace.waiting(partitions)
    return finish(workplace, partitions)


def _round(
    table: Table, order: Order, workplace: Workplace, waiting: list[int], workers: int, done: Callable[[int], None]
) -> None:
    """Do what waits; a process that dies ends the round."""
    threads = max((os.cpu_count() or 1) // workers, 1)
    before = os.environ.get("POLARS_MAX_THREADS")
    os.environ["POLARS_MAX_THREADS"] = str(threads)  # read by Polars as a process starts
    try:
        context = multiprocessing.get_context("spawn")
        facts: Facts = (table.paths, table.facts, table.ignored, table.counts)
        begin = (os.getpid(), places.rules_dir(), facts, order, workplace)
        with ProcessPoolExecutor(workers, context, initializer=_begin, initargs=begin) as pool:
            try:
                for finished in as_completed([pool.submit(_do, number) for number in waiting]):
                    done(finished.result())
            except TableError:
                pool.shutdown(cancel_futures=True)  # nothing is kept of a refused table: what waits is not begun
                raise
    finally:
        if before is None:
            del os.environ["POLARS_MAX_THREADS"]
        else:
            os.environ["POLARS_MAX_THREADS"] = before


def _begin(parent: int, rules: Path, facts: Facts, order: Order, workplace: Workplace) -> None:
    """What a process does first; it ends by itself once nobody waits for it."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    places.choose_rules(rules)
    rulebook = load()
    _worker.append(Worker(rulebook, Table(rulebook, *facts), order, workplace))


def _do(number: int) -> int:
    return _worker[0].do(number)
