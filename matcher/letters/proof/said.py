"""Says a verdict in words, the same on the screen of a terminal and on the site's page."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.letters.proof.statement import Many, One, Statement
from matcher.letters.proof.verify import Verdict
from matcher.letters.values import write_date, write_money
from matcher.letters.words import say
from matcher.rulebook import Rulebook, Text

_STATES = {
    "valid": Text(zh="有效", en="Valid"),
    "expired": Text(zh="已失效", en="Expired"),
    "revoked": Text(zh="已撤销", en="Revoked"),
    "superseded": Text(zh="已被替代", en="Superseded"),
    "unknown": Text(zh="无法核验", en="Cannot be verified"),
}
_MEANINGS = {
    "valid": Text(zh="各项一致，函件在有效期内。", en="All parts agree, and the letter is in force."),
    "expired": Text(
        zh="函件确由该单位签发，有效期至{on}，现已过期。",
        en="The centre did issue it; it could be relied on until {on}.",
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
}
_DOUBTFUL = Text(zh="有不一致之处，不能凭此函办理：", en="Something does not agree; do not rely on this letter:")
_OPEN = Text(zh="没有发现改动，但未能全部核验：", en="No change was found, but not everything could be checked:")
_LABELS = {
    "number": Text(zh="文号", en="Number"),
    "credit_code": Text(zh="统一社会信用代码", en="Unified social credit code"),
    "written_on": Text(zh="日期", en="Date"),
    "valid_until": Text(zh="有效期至", en="In force until"),
    "scheme": Text(zh="政策", en="Scheme"),
    "status": Text(zh="结论", en="Result"),
    "amount": Text(zh="金额", en="Amount"),
    "count": Text(zh="政策项数", en="Schemes"),
    "total": Text(zh="确定金额合计", en="Sum of the exact amounts"),
    "by": Text(zh="替代的函件", en="Letter in its place"),
}


def state_word(verdict: Verdict, lang: str) -> str:
    """The one large word: 有效, 已失效, 已撤销, 已被替代 or 无法核验."""
    return _STATES[verdict.state].get(lang)


def meaning(verdict: Verdict, lang: str) -> str:
    """What the word means for whoever holds the letter; before a list of faults, the sentence that opens it."""
    if verdict.faults:
        return (_OPEN if verdict.state != "unknown" else _DOUBTFUL).get(lang)
    on = write_date(verdict.on, lang) if verdict.on else ""
    return _MEANINGS[verdict.state].get(lang).format(on=on)


def rows(verdict: Verdict, rulebook: Rulebook | None, lang: str) -> list[tuple[str, str]]:
    """What the signed statement says, label by label, and the letter in its place; nothing that is not on the paper."""
    told = [] if verdict.statement is None else list(_told(verdict.statement, rulebook, lang))
    if verdict.by:
        told.append(("by", verdict.by))
    return [(_LABELS[name].get(lang), text) for name, text in told]


def words_of_states() -> dict[str, dict[str, dict[str, str]]]:
    """State → its word and what it means, in both languages, for a verifier that runs elsewhere."""
    return {
        name: {"word": _STATES[name].model_dump(), "meaning": _MEANINGS[name].model_dump()} for name in sorted(_STATES)
    }


def labels() -> dict[str, dict[str, str]]:
    """The labels of the statement's rows in both languages."""
    return {name: label.model_dump() for name, label in _LABELS.items()}


def _told(statement: Statement, rulebook: Rulebook | None, lang: str) -> Iterator[tuple[str, str]]:
    yield "number", statement.number
    if statement.credit_code:
        yield "credit_code", statement.credit_code
    yield "written_on", write_date(statement.written_on, lang)
    if statement.valid_until:
        yield "valid_until", write_date(statement.valid_until, lang)
    if isinstance(statement.matter, Many):
        yield "count", str(statement.matter.count)
        yield "total", write_money(statement.matter.fen, lang)
    else:
        yield from _one(statement.matter, rulebook, lang)


def _one(matter: One, rulebook: Rulebook | None, lang: str) -> Iterator[tuple[str, str]]:
    scheme = rulebook.schemes.get(matter.scheme) if rulebook else None
    yield "scheme", scheme.name.get(lang) if scheme else matter.scheme
    yield "status", say(f"status.{matter.status}", lang)
    if matter.fen is not None:
        kind = "exact" if matter.amount == "exact" else "ceiling"
        yield "amount", say(f"amount.{kind}", lang, value=write_money(matter.fen, lang))
