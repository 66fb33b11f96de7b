"""Says a verdict in words, the same on the screen of a terminal and on the site's page."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.engine.choose import NUMBERS
from matcher.letters.compose import in_words
from matcher.rulebook import Rulebook, Text
from matcher.text import AMOUNT, STATUS, day, punctuation, sum_in_yuan

from .page_statement import know, slug_of
from .statement import KINDS, One, Page, PageStated, Statement
from .trust import STALE_AFTER, TrustList
from .verdict import Verdict

_STATES = {
    "valid": Text(zh="有效", en="Valid"),
    "expired": Text(zh="已失效", en="Expired"),
    "past": Text(zh="仅说明过去", en="Of the past"),
    "revoked": Text(zh="已撤销", en="Revoked"),
    "superseded": Text(zh="已被替代", en="Superseded"),
    "unknown": Text(zh="无法核验", en="Cannot be verified"),
    "altered": Text(zh="已被改动，不可采信", en="Altered: do not rely on it"),
    "resaved": Text(zh="文件被另存过，签名已失效", en="Saved anew: its signature no longer holds"),
}

_MEANINGS = {
    "valid": Text(zh="各项一致，函件在有效期内。", en="All parts agree, and the letter is in force."),
    "expired": Text(
        zh="函件确由该单位签发，有效期至{on}，现已过期。",
        en="The centre did issue it; it could be relied on until {on}.",
    ),
    "past": Text(
        zh="函件确由该单位签发，只说明{on}当时的情况，没有有效期，不能用来办理现在的事项。",
        en="The centre did issue it. It says how things stood on {on} and is not valid for anything now.",
    ),
    "revoked": Text(
        zh="函件确由该单位签发，但已于{on}撤销，不再有效。",
        en="The centre did issue it, but revoked it on {on}: it no longer holds.",
    ),
    "superseded": Text(
        zh="函件确由该单位签发，但已于{on}由新函替代，不再有效。",
        en="The centre did issue it, but a newer letter took its place on {on}.",
    ),
    "unknown": Text(zh="没有公钥清单，无法确认签发者。", en="Without a trust list nobody can say who issued it."),
    "altered": Text(zh="这不是签发时的函件：", en="This is not the letter that was issued:"),
    "resaved": Text(
        zh="这不是签发时的原文件，不能凭它办理：", en="This is not the file that was issued; do not rely on it:"
    ),
}

_REPRODUCED = {
    "conclusion": Text(
        zh="结论可重新得出：按附件所列情况和签发时的规则再核对一次，结果相同",
        en="the conclusion derives again: from the attached facts under the rules of then, the result is the same",
    ),
    "page": Text(
        zh="页面可原样重排：本机重排的页面与文件逐字节相同",
        en="the page sets again: set anew on this machine, it is the same byte for byte",
    ),
    "words": Text(
        zh="用语可原样写出：本机写出的函件与签发时逐字相同",
        en="the words come out again: this machine words the letter as it was issued, to the letter",
    ),
    "other_words": Text(
        zh="用语与本机现在的不同（签发后修改过措辞）；文号、日期、企业和金额相同，页面由电子签名保证未被改动",
        en="worded otherwise than this machine would today (sentences were mended since); number, dates, firm and sums are the "
        "same, and the signature shows that the page was not changed",
    ),
    "other_setting": Text(
        zh="字体或版式与本机现在的不同（签发后换过版本）",
        en="set with other fonts or templates than this machine's (another version of them)",
    ),
    "other_page": Text(
        zh="字体或措辞与本机重排的不同（程序或字体换过版本）；文号、日期、企业和金额相同，页面由电子签名保证未被改动",
        en="set with other fonts or words than this machine's (another version of the program or the fonts); number, "
        "dates, firm and sums are the same, and the signature shows that the page was not changed",
    ),
}

_LIST = Text(zh="所用公钥清单：{dated}，根指纹 {root}", en="Trust list of {dated}, root {root}")

_STALE = Text(
    zh="这份公钥清单已超过{days}天，此后撤销的函件和吊销的密钥查不到，请取新的清单再核验",
    en="this trust list is more than {days} days old: letters and keys revoked since are not in it. Fetch a new one "
    "and verify again",
)

_OPEN = Text(zh="没有发现改动，但未能全部核验：", en="No change was found, but not everything could be checked:")

_DOUBTFUL = Text(
    zh="不能确认由谁签发，不能凭此函办理：", en="Nobody can say who issued it; do not rely on this letter:"
)

_NOT_SEEN = Text(zh="没有可核验的内容：", en="There was nothing that could be verified:")

_KINDS = {
    "eligibility": Text(zh="核对结果的函", en="result of a check"),
    "missing": Text(zh="尚缺情况的函（不是可以享受的凭据）", en="notice of what is missing (it entitles to nothing)"),
}

_LABELS = {
    "number": Text(zh="文号", en="Number"),
    "kind": Text(zh="类别", en="Kind"),
    "issuer": Text(zh="签发单位", en="Issued by"),
    "name": Text(zh="企业名称", en="Firm"),
    "credit_code": Text(zh="统一社会信用代码", en="Unified social credit code"),
    "as_of": Text(zh="按哪一天的规定", en="Under the rules of"),
    "written_on": Text(zh="日期", en="Date"),
    "valid_until": Text(zh="有效期至", en="In force until"),
    "scheme": Text(zh="政策", en="Scheme"),
    "status": Text(zh="结论", en="Result"),
    "amount": Text(zh="金额", en="Amount"),
    "count": Text(zh="政策项数", en="Schemes"),
    "total": Text(zh="现在确定能得的合计", en="Total that is certain now"),
    "by": Text(zh="已由此函替代", en="Replaced by"),
    "cash": Text(zh="到账现金", en="Cash to the firm"),
    "less": Text(zh="少缴税费", en="Tax and fees less"),
    "possible": Text(zh="有望再得（最高）", en="May still come (at most)"),
    "until": Text(zh="截止", en="until"),
    "more": Text(zh="另有同类（见附页）", en="Others of these kinds (in the annex)"),
    "free": Text(zh="没有金额的服务和资格", en="Services and titles without money"),
    "unnamed": Text(zh="本页不认识的政策", en="A scheme that this page does not know"),
    "up_to": Text(zh="最高", en="up to"),
    "to_be_set": Text(zh="以核定为准", en="to be set"),
    "missing": Text(zh="情况待补（早先的函印作0元）", en="not yet known (earlier letters print 0 yuan)"),
}


def state_word(verdict: Verdict, lang: str) -> str:
    """The large words: 有效, 已失效, 已撤销, 已被替代, 无法核验, or that the letter was altered."""
    return _STATES[_state(verdict)].get(lang)


def meaning(verdict: Verdict, lang: str) -> str:
    """What the words mean for whoever holds the letter; before a list of faults, the sentence that opens it."""
    if verdict.altered:
        return _MEANINGS[_state(verdict)].get(lang)
    if verdict.faults:
        unseen = all(one.is_blank for one in verdict.faults)
        return (_OPEN if verdict.state != "unknown" else _NOT_SEEN if unseen else _DOUBTFUL).get(lang)
    on = day(verdict.on, lang) if verdict.on else ""
    return _MEANINGS[verdict.state].get(lang).format(on=on)


def holds(verdict: Verdict) -> bool:
    """Whether there is anything in the letter to be relied on, now or at its time, so that its result may be shown."""
    return not verdict.altered and verdict.state not in ("revoked", "superseded")


def rows(verdict: Verdict, rulebook: Rulebook | None, lang: str) -> list[tuple[str, str]]:
    """What the signed statement says, label by label, and the letter in its place; nothing that is not on the paper.

    Of a letter that was altered or withdrawn only which it is: its result is nothing to go by any more.
    """
    told = [] if verdict.statement is None else list(_told(verdict, verdict.statement, rulebook, lang))
    if verdict.by:
        told.append(("by", verdict.by))
    return [(_LABELS[name].get(lang), text) for name, text in told]


def notes(verdict: Verdict, lang: str) -> list[str]:
    """What this program could make again of the letter, beside the signature that protects it."""
    return [_REPRODUCED[one].get(lang) for one in verdict.reproduced]


def list_used(trust: TrustList, lang: str) -> str:
    """Whose trust list it was, and of which day; for the list that an installation keeps of its own keys, nothing."""
    if not trust.dated:
        return ""
    return _LIST.get(lang).format(dated=day(trust.dated, lang), root=trust.fingerprint)


def stale_warning(lang: str) -> str:
    """What to make of a list that is older than `trust.STALE_AFTER`."""
    return _STALE.get(lang).format(days=STALE_AFTER.days)


def words_of_states() -> dict[str, dict[str, dict[str, str]]]:
    """State → its word and what it means, in both languages, for a verifier that runs elsewhere."""
    return {
        name: {"word": _STATES[name].model_dump(), "meaning": _MEANINGS[name].model_dump()} for name in sorted(_STATES)
    }


def labels() -> dict[str, dict[str, str]]:
    """The labels of the statement's rows in both languages."""
    return {name: label.model_dump() for name, label in _LABELS.items()}


def words_of_kinds() -> list[dict[str, str]]:
    """What a letter is, in both languages, by its place in `statement.KINDS`."""
    return [_KINDS[name].model_dump() for name in KINDS]


def _state(verdict: Verdict) -> str:
    if [one.word for one in verdict.faults] == ["resaved"]:
        return "resaved"
    return "altered" if verdict.altered else verdict.state


def _told(verdict: Verdict, statement: Statement, rulebook: Rulebook | None, lang: str) -> Iterator[tuple[str, str]]:
    yield "number", statement.number
    if holds(verdict):
        yield from _whose(verdict, statement, lang)
    if statement.as_of is not None and holds(verdict):
        yield "as_of", day(statement.as_of, lang)
    yield "written_on", day(statement.written_on, lang)
    if statement.valid_until:
        yield "valid_until", day(statement.valid_until, lang)
    if holds(verdict):
        yield from _result(statement, rulebook, lang)


def _whose(verdict: Verdict, statement: Statement, lang: str) -> Iterator[tuple[str, str]]:
    """What kind of letter it is, who issued it, and to whom."""
    if statement.kind:
        yield "kind", _KINDS[statement.kind].get(lang)
    if verdict.issuer:
        yield "issuer", verdict.issuer.get(lang)
    if statement.name:
        yield "name", statement.name
    if statement.credit_code:
        yield "credit_code", statement.credit_code


def _result(statement: Statement, rulebook: Rulebook | None, lang: str) -> Iterator[tuple[str, str]]:
    matter = statement.matter
    if isinstance(matter, Page):
        yield from _page(matter, rulebook, lang)
        return
    if isinstance(matter, One):
        yield from _one(matter, rulebook, lang)
        return
    yield "count", str(matter.count)
    # The sum in version 1 added up what is no money, and what is not the firm's.
    if matter.fen is not None and statement.version > 1:
        yield "total", sum_in_yuan(matter.fen, lang, cents=True)


def _page(page: Page, rulebook: Rulebook | None, lang: str) -> Iterator[tuple[str, str]]:
    """The first page, line by line: what must stand on the paper."""
    if page.numbers is None and len(page.lines) == 1:
        yield from _only_line(page.lines[0], rulebook, lang)
        return
    # As the page has them: with cents where any of its sums has.
    cents = any((fen or 0) % 100 for fen in (*(page.numbers or ()), *(one.fen for one in page.lines)))
    if page.numbers is not None:
        without = in_words(page.numbers, page.lines, page.waiting)  # as the page has it: no nought
        for name, fen in zip(NUMBERS, page.numbers, strict=True):
            words = without.get(name)
            yield name, sum_in_yuan(fen, lang, cents=cents) if words is None else _LABELS[words].get(lang)
    for one in page.lines:
        yield "scheme", line_text(one, rulebook, lang, cents=cents)
    if page.more:
        yield "more", str(page.more)
    if page.free:
        yield "free", str(page.free)
    yield "count", str(sum(page.counts))


def _named(one: PageStated, rulebook: Rulebook | None, lang: str) -> str:
    """The scheme of a line; what stands for it, where nobody knows its name."""
    if rulebook is not None:
        know(rulebook.schemes)
    slug = slug_of(one.mark)
    scheme = rulebook.schemes.get(slug) if rulebook else None
    name = scheme.name.get(lang) if scheme else slug
    return name if one.item is None else f"{name}{punctuation(lang).blank}“{one.item}”"


def _only_line(one: PageStated, rulebook: Rulebook | None, lang: str) -> Iterator[tuple[str, str]]:
    """What a letter says of its only scheme, as its page words it."""
    yield "scheme", _named(one, rulebook, lang)
    yield "status", STATUS[one.status].letter.get(lang)
    if one.fen is not None:
        low = "……" if lang == "zh" else "…"
        high = sum_in_yuan(one.fen, lang, cents=True)
        yield "amount", AMOUNT[one.amount].letter.get(lang).format(low=low, high=high)


def line_text(one: PageStated, rulebook: Rulebook | None, lang: str, *, cents: bool = False) -> str:
    """A line of the first page in words: scheme, status, sum and last day."""
    parts = [_named(one, rulebook, lang), STATUS[one.status].letter.get(lang)]
    if one.fen is not None:
        up_to = f"{_LABELS['up_to'].get(lang)} " if one.amount == "ceiling" else ""
        parts.append(up_to + sum_in_yuan(one.fen, lang, cents=cents))
    elif one.group != "apart":
        parts.append(_LABELS["to_be_set"].get(lang))
    if one.closes is not None:
        parts.append(f"{_LABELS['until'].get(lang)} {day(one.closes, lang)}")
    return ("; " if lang == "en" else "，").join(parts)


def _one(matter: One, rulebook: Rulebook | None, lang: str) -> Iterator[tuple[str, str]]:
    scheme = rulebook.schemes.get(matter.scheme) if rulebook else None
    yield "scheme", scheme.name.get(lang) if scheme else matter.scheme
    yield "status", STATUS[matter.status].letter.get(lang)
    if matter.fen is not None:
        low = "……" if lang == "zh" else "…"  # the statement holds the upper end of a range alone
        high = sum_in_yuan(matter.fen, lang, cents=True)
        yield "amount", AMOUNT[matter.amount].letter.get(lang).format(low=low, high=high)
