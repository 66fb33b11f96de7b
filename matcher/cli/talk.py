"""How much the command line says beside its answer: progress, what was written, how long it took; and how wide, and in which colours.

Every command has `--quiet` and `--verbose`, added here, so that they mean the same everywhere. Whatever is said beside the answer goes
to standard error; the answer itself is for pipes and files too.
"""

from __future__ import annotations

import logging
import os
import re
import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from matcher.settings import settings
from matcher.text import sentences

USUAL_WIDTH, NARROWEST, WIDEST = 80, 40, 100

_QUIET, _VERBOSE = "matcher.quiet", "matcher.verbose"

_COLOURS = {"●": "green", "◐": "cyan", "○": "yellow", "✗": "red"}

_MARK = re.compile(f"^[{''.join(_COLOURS)}]|(?<=   )[{''.join(_COLOURS)}](?= )")

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

Advance = Callable[[int], None]

"""Says that so many more are done."""


def with_talk(command: click.Command) -> click.Command:
    """The command with `-q` and `-v`; a group's commands get them when they are called."""
    if isinstance(command, click.Group):
        for one in command.commands.values():
            with_talk(one)
        return command
    taken = {name for parameter in command.params for name in parameter.opts}
    for names, text, tell in (
        (("-q", "--quiet"), "Only the answer: no progress, no remarks / 只出结果，不报进度", _be_quiet),
        (("-v", "--verbose"), "Say how long it took and how much memory / 说明用时和内存", _be_verbose),
    ):
        own = next((one for one in command.params if names[1] in one.opts), None)
        if own is not None and own.callback is None:
            own.callback = _also(tell)
        elif not taken & set(names):
            command.params.append(
                click.Option(names, is_flag=True, is_eager=True, expose_value=False, callback=tell, help=text)
            )
    return command


def is_quiet() -> bool:
    """Whether the running command was told `--quiet`."""
    return bool(_told(_QUIET))


def remark(text: str) -> None:
    """Say something beside the answer, on standard error, unless quiet."""
    if not is_quiet():
        click.echo(text, err=True)


@contextmanager
def progress(length: int | None, label: str) -> Iterator[Advance]:
    """A bar on standard error with the time that is left; none where that is no terminal, or the command is quiet.

    :param length: how many there are in all; None where nobody knows: then how many are done.
    """
    if is_quiet() or not sys.stderr.isatty():
        yield lambda _: None
        return
    shown: ProgressBar[int] = click.progressbar(length=length, label=label, file=sys.stderr, show_pos=True, width=0)
    with shown as bar:
        yield bar.update


def width() -> int:
    """How many columns text may take: the terminal's, within reason; 80 where standard output is none."""
    if not sys.stdout.isatty():
        return USUAL_WIDTH
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((USUAL_WIDTH, 24)).columns))


def is_coloured() -> bool:
    """Whether standard output may have colours: a terminal, and NO_COLOR says nothing (https://no-color.org)."""
    return sys.stdout.isatty() and not settings().no_color and os.name == "posix"


def coloured(text: str) -> str:
    """A text of `check` in which the marks of statuses have colours, where there may be any."""
    if not is_coloured():
        return text
    lines = (_MARK.sub(lambda found: click.style(found[0], fg=_COLOURS[found[0]]), line) for line in text.split("\n"))
    return "\n".join(lines)


def _also(tell: Callable[[click.Context, click.Parameter, bool], None]) -> Callable[..., bool]:
    def callback(ctx: click.Context, parameter: click.Parameter, is_wanted: bool) -> bool:
        tell(ctx, parameter, is_wanted)
        return is_wanted

    return callback


def _told(what: str) -> object:
    context = click.get_current_context(silent=True)
    return context.find_root().meta.get(what) if context is not None else None


def _be_quiet(ctx: click.Context, _: click.Parameter, is_wanted: bool) -> None:
    if is_wanted:
        ctx.find_root().meta[_QUIET] = True


def _be_verbose(ctx: click.Context, _: click.Parameter, is_wanted: bool) -> None:
    if is_wanted:
        begin_verbose(ctx)


def begin_verbose(ctx: click.Context) -> None:
    """From here on say what goes on, and at the end how long it took: what `--verbose` means everywhere."""
    ctx.find_root().meta[_VERBOSE] = True
    began = time.monotonic()
    logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(message)s")

    def finish() -> None:
        seconds = f"{time.monotonic() - began:.1f}"
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        told = sentences.say(
            "用时{seconds}秒，内存最多{megabytes}MB",
            str(ctx.params.get("lang") or "zh"),
            seconds=seconds,
            megabytes=megabytes,
        )
        click.echo(told, err=True)

    ctx.call_on_close(finish)
