"""What the register of firms says of a firm, shown to its owner to be confirmed: open only where the setting opens it.

Only what the business register publishes of everybody is shown, never what a firm told a centre or what a list says of its
figures. A firm is found by its whole credit code or its whole name, so many times an hour from one address. Nothing is stored: what is
confirmed goes into the owner's own answers.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlmodel import Session, select
from werkzeug.datastructures import MultiDict

from matcher.answers import cookie, require_token
from matcher.db import reading
from matcher.firms import Firm, FirmIndex, facts_on, read_code, read_facts
from matcher.firms.search import find_firm_names
from matcher.presentation import Catalogue, entries, field_name
from matcher.settings import settings
from matcher.text import sentences, today, without_blanks
from matcher.web import RateLimit, database, engine, language

from . import posted
from .proposals import Proposal, proposal
from .visits import visit

pages = Blueprint("prefill", __name__)

WHO, USE = "who", "use"

PUBLISHED = ("legal_form", "industry", "district")
"""The facts beside name and credit code that the business register (国家企业信用信息公示系统) shows to everybody."""

_SHOWN = ("name", "credit_code", *PUBLISHED)

_UNPROCESSABLE, _NOT_FOUND = 422, 404

# So many near names are compared with what was typed: one that others are like, or that several firms have, is not missed among them.
_MOST_HITS = 50

_NOBODY = sentences.Sentence(
    "登记簿里没有这个代码，也没有名称完全相同的企业。请照执照上的写法再试一次，或者不查登记、自己填。"
)

_SEVERAL = sentences.Sentence(
    "登记簿里有几家企业都叫这个名称，分不出哪家是您的。请改填执照上18位的统一社会信用代码，或者不查登记、自己填。"
)

# Searches of one address, in each process: an owner needs one or two.
_SEARCHED = RateLimit(20, seconds=3600)


@pages.before_request
def _is_open() -> None:
    """Where it is not opened, there is no such page."""
    if not settings().prefill:
        abort(_NOT_FOUND)


require_token(pages)


@pages.get("/prefill")
def ask() -> str:
    """The field for a credit code or a name."""
    return render_template("interview/prefill.html", who="", fault="", rows=(), most=entries.LONGEST_ENTRY)


@pages.post("/prefill")
def find() -> str | Response:
    """What is published of the firm that has this code or this name, each to be confirmed; or why none was found."""
    who = entries.shown(request.form.get(WHO, "")).strip()
    if not who:
        return _refused(who, sentences.Sentence("填执照上的统一社会信用代码，或者企业全名。"))
    _SEARCHED.spend(request)
    book, lang = visit().book, language.lang()
    with reading(engine()) as opened:
        firms = _firms(opened, who)
        if len(firms) != 1:
            return _refused(who, _SEVERAL if firms else _NOBODY)
        firm = firms[0]
        told = {name: one.value for name, one in facts_on(opened, firm.id, today()).items() if name in PUBLISHED}
        stated = {"name": firm.name, "credit_code": firm.credit_code, **told}
    return render_template(
        "interview/prefill.html", who=who, fault="", rows=_rows(book, stated, lang), most=entries.LONGEST_ENTRY
    )


@pages.post("/prefill/use")
def use() -> Response:
    """Put what was ticked (`use`) into the owner's answers, read as if it had been typed, and go back to the start."""
    here = visit()
    ticked = [name for name in request.form.getlist(USE) if name in _SHOWN]
    form = MultiDict([(posted.ASKED, name) for name in ticked])
    for name in ticked:
        form[field_name(name)] = request.form.get(field_name(name), "")
    back = posted.read(here.book, form, here.told.facts)
    told = cookie.merge(request, back.added_to(here.book, cookie.base(request), database.seconds(), "left"))
    answer: Response = redirect(url_for("start.start", _anchor="begin"), 303)  # type: ignore[assignment]
    cookie.save(answer, told)
    return answer


def _refused(who: str, why: sentences.Sentence) -> Response:
    text = sentences.say(why, language.lang())
    page = render_template("interview/prefill.html", who=who, fault=text, rows=(), most=entries.LONGEST_ENTRY)
    return make_response(page, _UNPROCESSABLE)


def _firms(opened: Session, who: str) -> list[Firm]:
    """The firm of this credit code, or every firm of this name, letter by letter but for width and blanks."""
    code = read_code(who).code
    if code is not None:
        return list(opened.exec(select(Firm).where(Firm.credit_code == code)))
    hits = find_firm_names(who, FirmIndex(opened), _MOST_HITS)
    same = [one.id for one in hits if without_blanks(one.name) == without_blanks(who)]
    return [firm for id_ in same if (firm := opened.get(Firm, id_)) is not None]


def _rows(book: Catalogue, stated: dict[str, Any], lang: str) -> list[Proposal]:
    """What can be read of it, in the order in which it stands on a licence."""
    read, _ = read_facts(book.rulebook, stated)
    return [proposal(book.fact(name), stated[name], lang) for name in _SHOWN if name in read]
