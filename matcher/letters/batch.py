"""Makes many letters in worker processes, started warm, each ended where one letter takes too long."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass

from pebble import ProcessExpired, ProcessPool

from matcher.letters.attachment import Attachment
from matcher.letters.letter import Letter
from matcher.letters.render import render_pdf, warm_up

SECONDS_EACH = 30.0  # a letter on forty schemes takes two


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a letter: its file, or in words, Chinese and English, why there is none."""

    pdf: bytes | None
    fault: str = ""


def render_many(
    letters: Iterable[tuple[Letter, Sequence[Attachment]]],
    *,
    workers: int | None = None,
    seconds_each: float = SECONDS_EACH,
) -> Iterator[Made]:
    """The letters with what is attached to each, made side by side and given in their order.

    :param workers: how many processes; one for each core unless told.
    :param seconds_each: after this time a letter is given up and its worker ended, which no code in it can prevent.
    The bytes are those of `render_pdf`. A letter that cannot be made is a fault of its own and stops no other.
    """
    # Spawned, so that a worker has nothing of this process in it: neither its threads' locks nor its fonts' state.
    context = multiprocessing.get_context("spawn")
    with ProcessPool(workers or os.cpu_count() or 1, initializer=warm_up, context=context) as pool:
        making = [
            pool.schedule(render_pdf, (letter,), {"attachments": attached}, timeout=seconds_each)
            for letter, attached in letters
        ]
        try:
            yield from map(_made, making)
        finally:
            pool.stop()  # type: ignore[no-untyped-call]


def _made(making: Future[bytes]) -> Made:
    try:
        return Made(making.result())
    except TimeoutError:
        return Made(None, "超过时限，已放弃 / took too long and was given up")
    except (ProcessExpired, CancelledError):
        return Made(None, "制作进程中断 / the process that made it died")
    except Exception as error:  # whatever it is, the others are to be made
        return Made(None, str(error) or type(error).__name__)
