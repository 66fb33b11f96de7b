"""`matcher doctor`: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import click

from .options import json_line, json_option, lang_option, wrap

WRONG = 1

_MARKS = {"good": "✓", "warning": "!", "wrong": "✗"}


@click.command()
@lang_option
@json_option
def doctor(lang: str, as_json: bool) -> None:
    """Say what is wrong with this installation and how to mend it: settings, rules, files, database, keys, backups, mail, scanner.

    Nothing is changed. Exit status: 0 nothing is wrong (there may be warnings), 1 something is.
    检查本机的安装：哪里不对，怎么改。
    """
    from matcher.ops import examine  # loads the database and the letters

    is_wrong = False
    for one in examine():
        is_wrong = is_wrong or one.grade == "wrong"
        if as_json:
            words = one.text.to_json()
            click.echo(json_line({"part": one.part, "grade": one.grade, "text": words}))
        else:
            click.echo("\n".join(wrap(one.text.get(lang), f"{_MARKS[one.grade]} {one.part:<9} ")))
    raise SystemExit(WRONG if is_wrong else 0)
