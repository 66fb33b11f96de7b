"""A message to a firm about a scheme: the text filled in, to be copied, printed or sent, and noted in the firm's thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response

from matcher.accounts import me, record, record_look, require
from matcher.cases import Case, FirmNote, cases_of_firm, decisions_on, found_now, money_of
from matcher.contacts import (
    LONGEST_TEXT,
    FirmContact,
    MailError,
    MessageText,
    department_contacts,
    fill_text,
    firm_contacts,
    mail_server,
    texts_of,
)
from matcher.db import reading, session
from matcher.firms import Firm
from matcher.letters import centres
from matcher.outreach import mark_told
from matcher.presentation import catalogue, entries
from matcher.text import figures, sentences, today
from matcher.web import engine, language, now

pages = Blueprint("desk_messages", __name__)

_NOT_FOUND = 404

_MOST_NOTED = 1900

FIRM = "firm"

_SEND = "send"


@pages.get("/desk/message")
@require("case.write")
def message() -> str | Response:
    """The text for a scheme (`?scheme=`), the centre's own (`?text=`) or the usual one, filled for the firm (`?firm=`)."""
    firm_id = request.args.get(FIRM, "")
    if not firm_id:
        return redirect(url_for("desk_home.home"), 303)
    book, lang, account = catalogue(), language.lang(), me()
    with reading(engine()) as active:
        firm = _firm(active, firm_id)
        cases = [
            one for one in cases_of_firm(active, account.centre, firm.id, firm.credit_code) if not one.forgotten_at
        ]
        found = _offered(cases)
        asked = request.args.get("scheme", found[0] if found else "")
        scheme = asked if asked in book.rulebook.schemes else ""
        kept = texts_of(active, account.centre, scheme)
        chosen = next((one for one in kept if str(one.id) == request.args.get("text")), kept[0] if kept else None)
        contacts = firm_contacts(active, firm.id, account.centre)
        asks = department_contacts(active, account.centre, [scheme]) if scheme else ()
    record_look("firm.seen", f"firm {firm.id}")
    told = _told(firm, cases[0] if cases else None, scheme)
    others = [slug for slug in book.rulebook.schemes if slug not in found]
    return render_template(
        "desk/message.html",
        firm=firm,
        scheme=scheme,
        found=[(slug, book.scheme(slug).name.get(lang)) for slug in found],
        others=[(slug, book.scheme(slug).name.get(lang)) for slug in others],
        texts=kept,
        chosen=chosen,
        body=fill_text(chosen.body if chosen else _usual(lang), told),
        subject=_subject(told, chosen),
        contacts=contacts,
        asks=[one for one in asks if one.scheme == scheme or one.department == told["部门"]],
        mails=mail_server() is not None,
        most=LONGEST_TEXT,
    )


@pages.post("/desk/message")
@require("case.write")
def send() -> Response:
    """Send the text to somebody at the firm (`firm`) by e-mail (`do=send`), or note that it was handed over (`note`)."""
    account, lang, firm_id = me(), language.lang(), request.form.get(FIRM, "")
    assert account.id is not None
    if not firm_id:
        return redirect(url_for("desk_home.home"), 303)
    body = "\n".join(map(entries.printable, request.form.get("body", "").splitlines())).strip()
    subject = " ".join(entries.printable(request.form.get("subject", "")).split())[:200]
    scheme = request.form.get("scheme", "")
    scheme = scheme if scheme in catalogue().rulebook.schemes else ""
    back = redirect(url_for("desk_messages.message", firm=firm_id, scheme=scheme or None), 303)
    with reading(engine()) as active:
        firm = _firm(active, firm_id)
        contact = active.get(FirmContact, _number(request.form.get("contact", "")))
        if contact is not None and (contact.firm_id, contact.centre) != (firm.id, account.centre):
            abort(_NOT_FOUND)
    if not 0 < len(body) <= LONGEST_TEXT:
        flash(sentences.say("请写1至{most}字。", lang, most=LONGEST_TEXT))
        return back
    if request.form.get("do") == _SEND:
        server = mail_server()
        if server is None or contact is None or not contact.email:
            flash(sentences.say("请选一位有电子邮箱的联系人。", lang))
            return back
        try:
            server.send(contact.email, subject or firm.name, body)
        except MailError as error:
            flash(error.text.get(lang))
            return back
        what = sentences.say("发邮件给{name}（{email}）", lang, name=contact.name, email=contact.email)
    else:
        what = sentences.say("交给企业", lang)
    with session(engine()) as writing:
        text = f"{what}\n{body}"[:_MOST_NOTED]
        writing.add(
            FirmNote(
                firm_id=firm.id, centre=account.centre, account_id=account.id, made_at=now(), kind="message", text=text
            )
        )
        if scheme:
            mark_told(writing, scheme, {firm.id: account.centre}, account.id, what[:200], now())
        record(writing, "firm.messaged", f"firm {firm.id}", **({"scheme": scheme} if scheme else {}))
    flash(sentences.say("已记入来往记录：{what}。", lang, what=what))
    return redirect(url_for("desk_home.firm", firm_id=firm.id, _anchor="thread"), 303)


def _firm(active: Session, firm_id: str) -> Firm:
    found = active.get(Firm, firm_id)
    if found is None:
        abort(_NOT_FOUND)
    return found


def _number(told: str) -> int:
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0


def _offered(cases: Sequence[Case]) -> list[str]:
    """What the firm has by its newest case, by the rules of today."""
    known = catalogue().rulebook
    found = found_now(known, cases[0], today()) if cases else {}
    return [slug for slug in found.get("schemes", ()) if slug in known.schemes]


def _told(firm: Firm, case: Case | None, scheme: str) -> dict[str, str]:
    """What the places of a text are filled with; empty where it is not known."""
    book, lang, centre = catalogue(), language.lang(), centres().get(me().centre)
    told = {
        "企业": firm.name,
        "本中心": centre.name.get(lang) if centre else "",
        "政策": "",
        "部门": "",
        "怎么办": "",
        "金额": "",
    }
    if not scheme:
        return told
    found = book.scheme(scheme)
    told |= {"政策": found.name.get(lang), "部门": found.department.get(lang)}
    told["怎么办"] = found.channel.get(lang) if found.channel else ""
    if case is not None:
        read, decisions = decisions_on(book.rulebook, case.facts, today())
        entries_ = money_of(book.rulebook, read, decisions, today()).entries_of(scheme)
        fen = sum(one.fen for one in entries_ if one.standing == "certain")
        told["金额"] = figures.sum_in_yuan(fen, lang) if fen else ""
    return told


def _usual(lang: str) -> str:
    """What is said where the centre has no text of its own; a line with a place that cannot be filled is left out."""
    lines = (
        sentences.say("【企业】：", lang),
        sentences.say("按您单位填报的情况，可以享受“【政策】”。", lang),
        sentences.say("金额约【金额】。", lang),
        sentences.say("主管部门：【部门】。", lang),
        sentences.say("怎么办：【怎么办】。", lang),
        sentences.say("有不清楚的，请找【本中心】。", lang),
    )
    return "\n".join(lines)


def _subject(told: Mapping[str, str], chosen: MessageText | None) -> str:
    if chosen is not None and chosen.scheme is None:
        return chosen.title
    return told["政策"] or (chosen.title if chosen else "")
