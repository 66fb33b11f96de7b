"""`matcher rules queue`: what of the rules needs somebody, and which texts nobody has read, as data and in words."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import click

from matcher.cli import (
    BAD_INPUT,
    as_of_option,
    faults_text,
    json_option,
    lang_option,
    load_rulebook,
    read_asked,
    rules_option,
    wrap,
)
from matcher.engine import SPAN_DAYS, FigureDue, QueueItem, Reach, review_queue, unread_instruments
from matcher.firms import open_profiles, several_unread
from matcher.presentation import draft_command, queue_row
from matcher.rulebook import Instrument, Rulebook
from matcher.text import desk_labels, figures, punctuation, sentences, today

_MOST_FIGURES, _LONGEST_VALUE = 4, 40  # of the last terms in a line: the sheet of the scheme has all


@click.command("queue")
@click.argument("firms", metavar="[FIRMS]", required=False)
@as_of_option
@click.option(
    "--within",
    "span",
    type=click.IntRange(0, 3660),
    default=SPAN_DAYS,
    show_default=True,
    metavar="DAYS",
    help="How far ahead to look / 往后看多少天",
)
@click.option(
    "--register", is_flag=True, help="Weigh by the last screening of the register of firms / 按企业库最近一次筛查排序"
)
@rules_option
@json_option
@lang_option
def queue(firms: str | None, as_of: str | None, span: int, register: bool, as_json: bool, lang: str) -> None:
    """List every version of the rules that is unconfirmed, ends or is due: what is awaited, and the last terms.

    FIRMS (.json, .yaml, .jsonl, - for standard input) or --register put first what touches most money and most firms;
    without them the most urgent comes first. Exit status 1 if a figure or version in use is past its day.
    列出待确认、快到期、该更新的规则。
    """
    rulebook = load_rulebook()
    asked = read_asked(rulebook, as_of, ())
    if asked.faults:
        click.echo(faults_text("queue", asked.faults, lang), err=True)
        raise SystemExit(BAD_INPUT)
    if firms is not None and register:
        raise click.UsageError("FIRMS 与 --register 只用一个 / give FIRMS or --register, not both")
    day = asked.as_of or today()
    reach = _of_register(rulebook, day, lang) if register else None if firms is None else _of_file(rulebook, firms, day, lang)  # fmt: skip
    found, unread = review_queue(rulebook, day, span, reach), unread_instruments(rulebook, day)
    if as_json:
        click.echo(json.dumps(queue_json(rulebook, found, unread, day, span), ensure_ascii=False))
    else:
        click.echo("\n".join(queue_text(rulebook, found, unread, day, span, lang)))
    raise SystemExit(1 if any(one.state == "past" for one in found) else 0)


def _of_file(rulebook: Rulebook, name: str, day: date, lang: str) -> dict[str, Reach]:
    """What the firms of a file would have; leaves with status 2 where one cannot be read."""
    from matcher.outreach import reach_of_firms  # brings the tables of the register, which nothing else here needs

    read, faults = [], []
    for profile in open_profiles(rulebook, name, sys.stdin.buffer).profiles:
        read.append(profile.facts)
        if profile.faults:
            faults.append(faults_text(profile.id, profile.faults, lang))
        elif profile.items.all:
            faults.append(faults_text(profile.id, several_unread(profile.items.all), lang))
    if faults:
        click.echo("\n".join(faults), err=True)
        raise SystemExit(BAD_INPUT)
    return reach_of_firms(rulebook, day, read)


def _of_register(rulebook: Rulebook, day: date, lang: str) -> dict[str, Reach]:
    """What the last screening counted; leaves with status 2 where there is none."""
    from matcher.cli import refusing
    from matcher.cli import register as open_register
    from matcher.db import reading
    from matcher.outreach import current_screening, reach_of_screening

    with refusing(), reading(open_register()) as opened:
        standing = current_screening(opened, rulebook.hash, day)
        if standing is not None:
            return reach_of_screening(standing)
    zh, en = (
        "还没有筛查过企业库，请先运行 matcher outreach screen",
        "the register has not been screened: run matcher outreach screen first",
    )
    click.echo(zh if lang == "zh" else en, err=True)
    raise SystemExit(BAD_INPUT)


# --- for programs
Unread = Sequence[tuple[Instrument, tuple[str, ...]]]


def queue_json(rulebook: Rulebook, found: Sequence[QueueItem], unread: Unread, day: date, span: int) -> dict[str, Any]:
    """`{as_of, within_days, queue: [{scheme, state, on, awaited, last_terms, figures, unread, reach …}], unread}`."""
    return {
        "as_of": day.isoformat(),
        "within_days": span,
        "queue": [_item_json(rulebook, one) for one in found],
        "unread": [{**_instrument_json(one), "schemes": list(slugs)} for one, slugs in unread],
    }


def _item_json(rulebook: Rulebook, one: QueueItem) -> dict[str, Any]:
    awaited, last = one.awaited, one.last
    return {
        "scheme": one.scheme.slug,
        "name": one.scheme.name.model_dump(),
        "department": one.scheme.department.model_dump(),
        "state": one.state,
        "on": None if one.on == date.min else one.on.isoformat(),
        "follows": one.follows,
        "awaited": awaited
        and {
            "text": awaited.text and awaited.text.model_dump(),
            "issuer": awaited.issuer.model_dump(),
            "number": awaited.number,
            "number_is_derived": awaited.is_derived,
        },
        "last_terms": last
        and {
            "from": last.version.from_ and last.version.from_.isoformat(),
            "until": last.version.until and last.version.until.isoformat(),
            "instrument": last.version.instrument,
            "rule": {lang: list(last.rule(rulebook, lang)) for lang in ("zh", "en")},
            "figures": {
                lang: [{"label": each.label, "value": each.value} for each in last.figures(rulebook, lang)]
                for lang in ("zh", "en")
            },
            "days": [each.to_json() for each in last.days],
        },
        "figures": [_figure_json(each) for each in one.figures],
        "unread": [_instrument_json(each) for each in one.unread],
        "reach": one.reach and {"firms": one.reach.firms, "yuan": figures.yuan(one.reach.fen)},
        "draft": draft_command(one.scheme.slug),
    }


def _figure_json(one: FigureDue) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": one.label.model_dump(),
        "state": one.state,
        "on": one.on.isoformat(),
        "followed": one.is_followed,
        "sources": [{"instrument": number, "article": article} for number, article in one.instruments],
        "confidence": one.confidence,
    }


def _instrument_json(one: Instrument) -> dict[str, str]:
    return {"id": one.id, "number": one.number, "title": one.title, "seen": one.seen}


# --- for people
def queue_text(
    rulebook: Rulebook, found: Sequence[QueueItem], unread: Unread, day: date, span: int, lang: str
) -> Iterator[str]:
    """The count, then every item with what is awaited, its last terms and the next step; then the texts to be read."""
    colon = punctuation(lang).colon
    counts = {state: sum(one.state == state for one in found) for state in desk_labels.QUEUE_STATE}
    said = [
        f"{sentences.say(desk_labels.QUEUE_STATE[state], lang)} {count}" for state, count in counts.items() if count
    ]
    if not said:
        none = sentences.say("{day}起{span}天内没有要处理的版本。", lang, day=figures.day(day, lang), span=span)
        yield from wrap(none)
    else:
        listed = sentences.listed(said, lang)
        yield from wrap(
            sentences.say("{day}起{span}天内：{listed}", lang, day=figures.day(day, lang), span=span, listed=listed)
        )
    for row in (queue_row(rulebook, one, lang) for one in found):
        yield ""
        yield from wrap(f"{row.name} ({row.slug})", "", "  ")
        yield from wrap(row.state if row.reach is None else f"{row.state} · {row.reach}", "  ")
        for label, told in row.pairs:
            yield from wrap(f"{label}{colon}{told}", "    ", "      ")
        known = [f"{each.label} {each.value}" for each in row.figures if len(each.value) <= _LONGEST_VALUE][
            :_MOST_FIGURES
        ]
        if known:
            more = " …" if len(row.figures) > len(known) else ""
            listed = punctuation(lang).semicolon.join(known)
            yield from wrap(f"{sentences.say('数字', lang)}{colon}{listed}{more}", "    ", "      ")
        yield f"    → {row.command}"  # never broken: it is copied
    if unread:
        yield ""
        yield sentences.say("还没读到原文、现行规则却依据的文件：", lang)
    for instrument, slugs in unread:
        seen = sentences.say(desk_labels.SEEN[instrument.seen], lang)
        yield from wrap(f"{instrument.number} {instrument.title} [{seen}] → {', '.join(slugs)}", "  ", "    ")
