"""The page to keep and take back one's answers: as a file, and to delete them; private links and handover start there."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from matcher.firms import Unreadable
from matcher.presentation import catalogue
from matcher.text import sentences, today
from matcher.web import UploadRefusedError, database, download, language, scan

from . import answers, cookie, file, merging, presentation, store
from .presentation import require_token, said

pages = Blueprint("saving", __name__)

require_token(pages)


_UNPROCESSABLE = 422

# More would be a page nobody reads; the file still has them.
_MOST_STRANGE = 50

_ANSWERS, _ONWARD = "answers.answers", {"result": "result.result"}

# How PDF, Office, ZIP and picture files begin.
_OTHER_KINDS = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


@pages.get("/save")
def hub() -> str:
    """Everything that can be done with one's answers, in one place."""
    answers = cookie.load(request)
    return render_template(
        "keep/save.html",
        answers=answers,
        number=len(answers.answered),
        trouble=cookie.trouble(request),
        key=store.new_link_key(),
    )


@pages.post("/save")
def save() -> Response | tuple[str, int]:
    """The answers as a file to take along: this browser's, or those that a page offers because they could not be stored."""
    found = (
        presentation.opened(request.form[presentation.FIELD])
        if presentation.FIELD in request.form
        else cookie.load(request)
    )
    if found is None:
        return said("stale", 400)
    data = file.write(catalogue().rulebook, found)
    name = f"{sentences.say('自查答案', language.lang())}-{today().isoformat()}.json"
    return download(data, "application/json", name)


@pages.get("/open")
def open_form() -> Response:
    """Whoever opens the address without a file is shown the form for one."""
    return redirect_to("saving.hub", "open")


@pages.post("/open")
def open_file() -> Response | tuple[str, int]:
    """Read an uploaded file: taken at once where nothing is in its way, else shown with what stands against it."""
    sent = request.files.get("file")
    data = sent.read() if sent else b""
    if not data.strip():
        return said("no_file", _UNPROCESSABLE)
    if data.startswith(_OTHER_KINDS):
        return said("wrong_kind", _UNPROCESSABLE)
    try:
        scan(data)
        found = file.read(catalogue().rulebook, data, database.seconds())
    except UploadRefusedError as refused:
        return said("refused", _UNPROCESSABLE, reason=refused.text.get(language.lang()))
    except Unreadable as error:
        lang = language.lang()
        return said("unreadable", _UNPROCESSABLE, reason="; ".join(fault.text.get(lang) for fault in error.faults))
    return offer(found)


@pages.post("/open/take")
def take() -> Response | tuple[str, int]:
    """Take the answers that were offered: together with those of this browser, or in their place."""
    found = presentation.opened(request.form.get(presentation.FIELD, ""))
    if found is None:
        return said("stale", 400)
    taken = merging.joined(cookie.load(request), found) if request.form.get("how") == "both" else found
    return kept(taken, _ONWARD.get(request.form.get("to", ""), _ANSWERS))


@pages.get("/delete")
def ask_to_delete() -> Response:
    """Deleting is a button, never an address."""
    return redirect_to("saving.hub", "delete")


@pages.post("/delete")
def delete() -> Response:
    """Delete the answers of this browser, here and on the server; for ten minutes the page itself can bring them back."""
    answers = cookie.load(request)
    sealed = "" if answers.is_empty else presentation.close_if_short(answers, presentation.UNDO)
    answer = make_response(render_template("keep/deleted.html", sealed=sealed))
    cookie.forget(answer)
    answer.headers["Clear-Site-Data"] = '"cache"'  # on a shared device the back button shows nothing of the firm
    return answer


@pages.post("/delete/undo")
def undo() -> Response | tuple[str, int]:
    """Bring back what was deleted just now, from the page that said so."""
    found = presentation.opened(request.form.get(presentation.FIELD, ""), presentation.UNDO)
    return said("stale", 400, back=url_for("start.start")) if found is None else kept(found)


def offer(found: file.Found, to: str = "") -> Response | tuple[str, int]:
    """Take found answers, or ask first: where some were not understood, or where this browser has others already.

    ``to``: where to go on to, `result` or (else) the answers.
    """
    present = cookie.load(request)
    differing = merging.differing(present, found.answers)
    is_more = present.answered - found.answers.answered
    if not (found.strange or found.faults or differing or is_more):
        return kept(merging.joined(present, found.answers), _ONWARD.get(to, _ANSWERS))
    rulebook, lang = catalogue().rulebook, language.lang()
    page = render_template(
        "keep/offer.html",
        found=presentation.close(found.answers),
        to=to,
        number=len(found.answers.answered),
        present=len(present.answered),
        differing=[presentation.label(rulebook, fact, found.labels, lang) for fact in differing],
        strange=[presentation.strange(rulebook, fault, found.labels, lang) for fault in found.strange[:_MOST_STRANGE]],
        more=max(0, len(found.strange) - _MOST_STRANGE),
        faults=[fault.text.get(lang) for fault in found.faults[:_MOST_STRANGE]],
    )
    return page, 200


def kept(answers: answers.Answers, to: str = "answers.answers") -> Response:
    """Go on to the answers, which are now these, or to another page of ours."""
    answer = redirect_to(to)
    cookie.save(answer, answers)
    return answer


def redirect_to(endpoint: str, part: str | None = None) -> Response:
    """Go on to a page of ours, or to the part of it with this id, by GET."""
    return redirect(url_for(endpoint, _anchor=part), 303)  # type: ignore[return-value]
