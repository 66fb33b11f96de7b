"""A return, a statement or the licence read in place of typing: every value is shown with where it stands, and confirmed.

Of the file nothing is kept: it is read from memory in a process of its own, and the page that shows its values is its only trace. What is
confirmed goes the way of an answered screen (`views.tell`), so that it is checked, asked back and stored as if it had been typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from flask import Blueprint, render_template, request

from matcher.answers import cookie, require_token
from matcher.documents import LARGEST, MOST_PAGES, Finding, Findings, Refusal, Refused, read
from matcher.firms import Unreadable
from matcher.text import figures, sentences
from matcher.web import RateLimit, UploadRefusedError, language, scan

from . import posted
from .proposals import Proposal, proposal
from .visits import Visit, visit

pages = Blueprint("from_document", __name__)

_UNPROCESSABLE = 422

# Somewhat too large a file is taken in, so that the page can say so.
_LARGEST_REQUEST = 3 * LARGEST

# Documents of one address, in each process: an owner has three or four; and those that used up the limits.
_READ, _TOO_HEAVY = RateLimit(30, seconds=600), RateLimit(3, seconds=600)

# Facts that are asked of one year, and differ from year to year.
_OF_ITS_YEAR = frozenset({"annual_taxable_income"})

_REFUSED: Mapping[Refusal, sentences.Sentence] = {
    "no_file": sentences.Sentence("没有收到文件。请先选一个文件，再按“读出来”。"),
    "too_big": sentences.Sentence("文件超过5 MB。请只导出有数字的那张表，再上传。"),
    "wrong_kind": sentences.Sentence(
        "只读PDF、.xlsx和.csv。请在电子税务局或财务软件里导出成其中一种；Word文件请另存为PDF。"
    ),
    "picture": sentences.Sentence(
        "这份文件是图片（扫描件或照片），里面没有可以读的文字。请从电子税务局下载PDF原件，或者导出成表格；没有的话，请照着它自己填。"
    ),
    "encrypted": sentences.Sentence("这份PDF有密码，打不开。请先去掉密码（用密码打开后另存为PDF），再上传。"),
    "broken": sentences.Sentence("这份PDF坏了或者没有传完，打不开。请重新下载一份，再上传。"),
    "too_many_pages": sentences.Sentence("这份PDF超过{most}页。请只保留有数字的那几页，再上传。"),
    "too_heavy": sentences.Sentence("读这份文件用的时间或内存太多，已经停下。请只导出有数字的那张表，再上传。"),
}


@pages.before_request
def _in_memory() -> None:
    """Take an uploaded file into memory only, however large: the framework would write it to a file of the server."""
    request.max_content_length = _LARGEST_REQUEST
    request._get_file_stream = lambda *_, **__: BytesIO()  # type: ignore[method-assign]


require_token(pages)


@pages.get("/from-document")
def form() -> str:
    """The field for a file, and which documents can be read."""
    return render_template("interview/from_document.html", fault="")


@pages.post("/from-document")
def show() -> str | tuple[str, int]:
    """What was read, each value to be confirmed; or why nothing could be read, and what to do."""
    here, lang, sent = visit(), language.lang(), request.files.get("file")
    content = sent.stream.read(LARGEST + 1) if sent else b""
    _TOO_HEAVY.check(request)
    _READ.spend(request)
    labels = here.book.fact("district").values
    districts = {label.zh: value for value, label in labels.items() if value != "outside_tianjin"}
    try:
        if len(content) <= LARGEST:
            scan(content)
        found = read(content, (sent.filename if sent else "") or "", here.as_of, districts)
    except Refused as error:
        _TOO_HEAVY.count(request, error.word == "too_heavy")
        return _again(sentences.say(_REFUSED[error.word], lang, most=MOST_PAGES))
    except UploadRefusedError as error:
        return _again(error.text.get(lang))
    except Unreadable as error:
        reasons = "; ".join(fault.text.get(lang) for fault in error.faults)
        return _again(sentences.say("表格打不开：{reason}", lang, reason=reasons))
    # A fact that no rule asks a firm (the day of establishment, today) would be shown, confirmed and then dropped.
    asked = [one for one in found.found if posted.known(here.book, [one.fact])]
    # What the firm earned last year is no answer to what it earns this year, not even by a tick.
    other_year = [one for one in asked if one.fact in _OF_ITS_YEAR and one.period is not None and not one.is_asked]
    rows = [_proposed(here, one, found, lang) for one in asked if one not in other_year]
    contradictory = [
        here.book.fact(fact).label.get(lang) for fact in posted.known(here.book, list(found.contradictory))
    ]
    if not rows and not contradictory and not other_year:
        return _again(_nothing(found, lang))
    return render_template(
        "interview/from_document_values.html",
        rows=rows,
        contradictory=contradictory,
        other_year=[_proposed(here, one, found, lang) for one in other_year],
        other_code=_is_of_other(here, found),
        base=cookie.field(cookie.load(request)),
    )


def _again(fault: str) -> tuple[str, int]:
    return render_template("interview/from_document.html", fault=fault), _UNPROCESSABLE


def _nothing(found: Findings, lang: str) -> str:
    if not found.forms:
        return sentences.say(
            "没有认出是哪一张表：要有正式的表名，如“资产负债表”。请上传从电子税务局或财务软件导出的原表。", lang
        )
    return sentences.say(
        "认出了{forms}，但里面没有能直接用的数。请照着它自己填。", lang, forms=sentences.listed(list(found.forms), lang)
    )


def _is_of_other(here: Visit, found: Findings) -> bool:
    """Whether the document names a credit code, and not the one that was told."""
    told = here.told.facts.get("credit_code")
    return bool(told and found.codes and told not in found.codes)


def _proposed(here: Visit, one: Finding, found: Findings, lang: str) -> Proposal:
    fact, told = here.book.fact(one.fact), here.answers.facts.get(one.fact)
    where, period, doubts = _where(one, lang), _period(one, lang), tuple(_doubts(here, one, found, lang))
    return proposal(fact, one.value, lang, where=where, period=period, doubts=doubts, told=told)


def _where(one: Finding, lang: str) -> str:
    if one.page is not None:
        return sentences.say("《{title}》第{page}页，“{line}”", lang, title=one.title, page=one.page, line=one.line)
    if one.sheet:
        return sentences.say(
            "工作表“{sheet}”，《{title}》，“{line}”", lang, sheet=one.sheet, title=one.title, line=one.line
        )
    return sentences.say("《{title}》，“{line}”", lang, title=one.title, line=one.line)


def _period(one: Finding, lang: str) -> str:
    if one.period is None:
        return ""
    first, last = figures.day(one.period.first, lang), figures.day(one.period.last, lang)
    return last if first == last else sentences.say("{low}到{high}", lang, low=first, high=last)


def _doubts(here: Visit, one: Finding, found: Findings, lang: str) -> list[str]:
    """Why the owner has to tick this by hand."""
    doubts = []
    if _is_of_other(here, found):
        doubts.append(sentences.say("表上的信用代码不是您填的那个", lang))
    if one.period is None and not one.is_asked:
        doubts.append(sentences.say("表上没有写清楚是哪一期", lang))
    elif not one.is_asked:
        question = here.book.fact(one.fact).question
        asked = (question or here.book.fact(one.fact).label).get(lang)
        doubts.append(sentences.say("这是另一期的数，这里问的是：{question}", lang, question=asked))
    if not one.has_unit:
        doubts.append(sentences.say("表上没有写单位，是按元读的", lang))
    return doubts
