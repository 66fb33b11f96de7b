"""Lists of firms to be told, by channel: to take along, to mark as told, and what became of those that were told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.accounts import me, record, require
from matcher.cases import Followed, followed
from matcher.contacts import mail_server
from matcher.db import reading, session
from matcher.firms.workbook import CellValue, csv_lines, workbook
from matcher.outreach import (
    CHANNELS,
    Channel,
    Screening,
    ToTell,
    current_screening,
    districts_to_tell,
    is_money,
    mark_list,
    to_tell,
)
from matcher.outreach import delivery as lists
from matcher.presentation import catalogue
from matcher.text import desk_labels, sentences, sum_in_yuan, today, yuan
from matcher.web import download, engine, language, now

pages = Blueprint("desk_delivery", __name__)

SIZES = (50, 200, 1000)
"""Of how many firms a list may be."""

FOLLOWED_DAYS = 90

NOT_FOUND, CONFLICT = 404, 409

_KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@pages.get("/desk/delivery")
@require("outreach.mark")
def index() -> str:
    """How many firms wait in each channel's list, and what became of those told in the last ninety days."""
    return _page()


@pages.get("/desk/delivery/<channel>/list.<kind>")
@require("outreach.mark")
def export(channel: Channel, kind: str) -> FlaskResponse:
    """A channel's list, as CSV or as a workbook: firms with the most certain money first, whom to reach there, and what to tell."""
    if channel not in CHANNELS or kind not in _KINDS:
        abort(NOT_FOUND)
    lang = language.lang()
    with session(engine()) as writing:
        rows = _listed(writing, channel)
        record(writing, "outreach.delivered", f"channel {channel}", firms=[one.firm_id for one in rows])
    head = [sentences.say(words, lang) for words in desk_labels.DELIVERY_COLUMN.values()]
    cells = _cells(rows)
    title = sentences.say(desk_labels.CHANNEL[channel], lang)
    content = csv_lines(_with_head(head, cells)) if kind == "csv" else workbook(title, today(), head, cells)
    return download(content, _KINDS[kind], f"{channel}-{me().centre}-{today():%Y%m%d}.{kind}")


@pages.post("/desk/delivery/<channel>")
@require("outreach.mark")
def mark(channel: Channel) -> Response | tuple[str, int]:
    """Mark the firms of a list as told of all that stands there, if it is still the list that was taken along."""
    if channel not in CHANNELS:
        abort(NOT_FOUND)
    lang = language.lang()
    with session(engine()) as writing:
        rows = _listed(writing, channel)
        is_same = bool(rows) and request.form.get("digest") == lists.digest(rows)
        if is_same:
            note = sentences.say(desk_labels.CHANNEL[channel], lang)
            done = mark_list(writing, rows, me().centre, int(me().id or 0), note, now())
            record(writing, "outreach.told", f"channel {channel}", firms=list(done))
    if not is_same:
        return _page(sentences.say("名单已经变了，没有标记。请重新下载名单，告知后再标记。", lang)), CONFLICT
    flash(sentences.say("已标记{firms}。", lang, firms=sentences.count(lang, len(done), "outreach_firm")))
    return redirect(url_for("desk_delivery.index"), 303)


def _page(fault: str | None = None) -> str:
    centre, size = me().centre, _size()
    with reading(engine()) as opened:
        standing = _current(opened)
        has_mail = mail_server() is not None
        waiting = (
            lists.counted(opened, standing, districts_to_tell(centre), centre, has_mail=has_mail) if standing else {}
        )
        channels = [
            (channel, count, rows[:5], lists.digest(rows))
            for channel, count in waiting.items()
            if (rows := _listed(opened, channel) if count else []) or channel != "email"
        ]
        became: Sequence[Followed] = followed(opened, centre, now() - timedelta(days=FOLLOWED_DAYS))
    return render_template(
        "desk/delivery.html",
        standing=standing,
        channels=channels,
        size=size,
        sizes=SIZES,
        became=became,
        days=FOLLOWED_DAYS,
        has_mail=has_mail,
        yuan=lambda fen: sum_in_yuan(fen, language.lang()),
        scheme_name=_scheme_name,
        fault=fault,
    )


def _listed(opened: Session, channel: Channel) -> list[ToTell]:
    standing, centre = _current(opened), me().centre
    if standing is None:
        return []
    has_mail, money = mail_server() is not None, partial(is_money, catalogue().rulebook)
    return to_tell(opened, standing, districts_to_tell(centre), centre, channel, _size(), money, has_mail=has_mail)


def _current(opened: Session) -> Screening | None:
    return current_screening(opened, catalogue().rulebook.hash, today())


def _size() -> int:
    told = request.values.get("size", "")
    return int(told) if told in {str(one) for one in SIZES} else SIZES[0]


def _scheme_name(slug: str) -> str:
    found = catalogue().rulebook.schemes.get(slug)
    return found.name.get(language.lang()) if found else slug


def _cells(rows: Sequence[ToTell]) -> Iterator[tuple[CellValue, ...]]:
    lang, districts_ = language.lang(), catalogue().rulebook.facts["district"].values
    for number, one in enumerate(rows, start=1):
        yield (
            number,
            one.name,
            one.credit_code,
            districts_[one.district].get(lang) if one.district in districts_ else None,
            one.reached.person or None,
            one.reached.phone or None,
            one.reached.email or None,
            sentences.listed([_scheme_name(slug) for slug in one.schemes], lang),
            yuan(one.most) if one.most else None,
            one.sure,
            len(one.schemes) - one.sure,
        )


def _with_head(head: Sequence[CellValue], rows: Iterator[tuple[CellValue, ...]]) -> Iterator[Sequence[CellValue]]:
    yield head
    yield from rows
