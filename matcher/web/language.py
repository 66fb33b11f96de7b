"""Picks the language of a page, keeps the choice in a cookie, and gives templates the interface's words."""

import re
from dataclasses import dataclass
from typing import Literal

from flask import Flask, Response, g, request
from markupsafe import Markup, escape

from matcher.rulebook import Status, Text
from matcher.settings import settings
from matcher.text import STATUS, desk_labels, interview_labels, sentences, site_labels

from .security import is_api, is_embedded

LANGUAGES = ("zh", "en")

_COOKIE = "lang"

_A_YEAR = 365 * 24 * 3600

# A run of Chinese: from one character to the last, with the figures, blanks and punctuation between.
_HAN = "\u3400-\u9fff\uf900-\ufaff"

_CHINESE = re.compile(f"[{_HAN}](?:[{_HAN}\u3000-\u303f\uff00-\uffef0-9 ]*[{_HAN}\uff09])?")


def install(app: Flask) -> None:
    """Choose a language before each request; give templates `t(key, …)`, `n(number, noun)`, `status_text(status, form)`,
    `lang()`, `html_lang()` and the filter `marked`."""
    app.before_request(_choose)
    app.after_request(_keep)
    app.add_template_global(_said, "t")
    app.add_template_global(lambda number, noun: sentences.count(lang(), number, noun), "n")
    app.add_template_global(status_text, "status_text")
    app.add_template_global(lang, "lang")
    app.add_template_global(html_lang, "html_lang")
    app.add_template_global(operator, "operator")
    app.add_template_filter(marked, "marked")
    app.jinja_env.globals.update(
        sentence=sentences.Sentence, site_labels=site_labels, interview_labels=interview_labels, desk_labels=desk_labels
    )


def lang() -> str:
    """The language of this request, `zh` or `en`; Chinese where nothing was chosen yet."""
    chosen: str = g.get("lang", "zh")
    return chosen


def status_text(status: Status, form: Literal["short", "letter", "heading"]) -> str:
    """A status in the words of this request's language. Raises KeyError for a status that does not exist."""
    words: Text = getattr(STATUS[status], form)
    return words.get(lang())


@dataclass(frozen=True)
class Operator:
    """Who runs the site, as the foot of every page says it (empty: not set), and the issuer's mark at its head."""

    name: str
    phone: str
    address: str
    mark: str


def operator() -> Operator:
    """Who runs the site, by the settings."""
    told = settings()
    return Operator(told.operator or "", told.operator_phone or "", told.operator_address or "", told.mark)


def html_lang() -> str:
    """The same as a language tag for HTML."""
    return "zh-CN" if lang() == "zh" else "en"


def marked(text: object) -> Markup:
    """The text escaped; on an English page what is Chinese in it (a name, the title of a form) marked as such."""
    if lang() == "zh":
        return escape(text)
    return Markup(_CHINESE.sub(lambda found: f'<span lang="zh-CN">{found[0]}</span>', str(escape(text))))


def _said(sentence: str, context: str | None = None, /, **values: object) -> str:
    return sentences.say(sentence, lang(), context, **values)


def use(*wishes: str | None) -> None:
    """Take the first wish that is a language we have; keep the present one if there is none."""
    for wish in wishes:
        if wish in LANGUAGES:
            g.lang = wish
            return


def _choose() -> None:
    # The form is not read here: a request that is too large must still get its error page in the right language.
    use(request.args.get("lang"), None if is_embedded(request.path) else request.cookies.get(_COOKIE))


def _keep(answer: Response) -> Response:
    is_kept = not is_api(request.path) and not is_embedded(request.path)
    if "lang" in g and is_kept and request.cookies.get(_COOKIE) != g.lang:
        answer.set_cookie(_COOKIE, g.lang, max_age=_A_YEAR, secure=request.is_secure, httponly=True, samesite="Lax")
    return answer
