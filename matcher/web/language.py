"""Picks the language of a page, keeps the choice in a cookie, and gives templates the interface's words."""

from flask import Flask, Response, g, request

from matcher.web import words

LANGUAGES = ("zh", "en")
_COOKIE = "lang"
_A_YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Choose a language before each request; give templates `t(key, …)`, `n(number, noun)`, `lang()`, `html_lang()`."""
    app.before_request(_choose)
    app.after_request(_keep)
    app.add_template_global(lambda key, **values: words.say(key, lang(), **values), "t")
    app.add_template_global(lambda number, noun: words.count(lang(), number, noun), "n")
    app.add_template_global(lang, "lang")
    app.add_template_global(html_lang, "html_lang")


def lang() -> str:
    """The language of this request, `zh` or `en`; Chinese where nothing was chosen yet."""
    chosen: str = g.get("lang", "zh")
    return chosen


def html_lang() -> str:
    """The same as a language tag for HTML."""
    return "zh-CN" if lang() == "zh" else "en"


def use(*wishes: str | None) -> None:
    """Take the first wish that is a language we have; keep the present one if there is none."""
    for wish in wishes:
        if wish in LANGUAGES:
            g.lang = wish
            return


def _choose() -> None:
    # The form is not read here: a request that is too large must still get its error page in the right language.
    use(request.args.get("lang"), request.cookies.get(_COOKIE))


def _keep(answer: Response) -> Response:
    if "lang" in g and request.cookies.get(_COOKIE) != g.lang:
        answer.set_cookie(_COOKIE, g.lang, max_age=_A_YEAR, secure=request.is_secure, httponly=True, samesite="Lax")
    return answer
