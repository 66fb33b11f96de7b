"""What is known of a scheme whose rules for the day are not confirmed: the last terms and what they would give, whom to ask,
what is awaited.

It is no decision on the day and stands in no total: the firm's facts are decided by the last confirmed version, on its last day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from matcher.rulebook import Rulebook, Scheme, SchemeEdition, Version
from matcher.rulebook.language import Scalar
from matcher.text import amount_text, day

from .decision import Decision
from .reasons import REGISTERED_ON
from .record import EssenceRecord, LastTermsRecord, ends_of

Decide = Callable[[Rulebook, SchemeEdition, Mapping[str, Scalar], date], Decision]

_LANGUAGES = ("zh", "en")

_FEW = 3  # facts that are named; of more it is said that there are more


def last_known(
    rulebook: Rulebook, edition: SchemeEdition, facts: Mapping[str, Scalar], as_of: date, decide: Decide
) -> LastTermsRecord | None:
    """As JSON: the day and version of the last terms, what they come to for the firm (status, amount, what is missing or fails), whom
    to ask (``ask``), which notice is awaited (``awaits``), and the terms in a sentence for the firm (``text``). None where the scheme
    is confirmed for the day, or never was before.

    When the firm was registered is left out: the last terms are of a day that may lie before it.
    """
    before = None if edition.state != "unconfirmed" else last_open(edition.scheme, as_of)
    if before is None or before.until is None:
        return None
    told = {name: value for name, value in facts.items() if name != REGISTERED_ON}
    then = decide(rulebook, rulebook.scheme_at(edition.scheme.slug, before.until), told, before.until).essence()
    awaits = None if edition.version is None else edition.version.awaits
    return {
        "as_of": before.until.isoformat(),
        "status": then["status"],
        "recipient": then["recipient"],
        "amount": then["amount"],
        "extra": then["extra"],
        "missing": then["missing"],
        "failing": then["failing"],
        "version": then["version"],
        "confidence": then["confidence"],
        "instrument": before.instrument,
        "ask": edition.scheme.department.to_json(),
        "awaits": None if awaits is None else awaits.to_json(),
        "text": {lang: _sentence(rulebook, edition.scheme, before, then, lang) for lang in _LANGUAGES},
    }


def last_open(scheme: Scheme, as_of: date) -> Version | None:
    """The last version with rules that ended before a day; None where there was none."""
    past = [one for one in scheme.versions if one.state is None and one.until is not None and one.until < as_of]
    return past[-1] if past else None


def _sentence(rulebook: Rulebook, scheme: Scheme, terms: Version, then: EssenceRecord, lang: str) -> str:
    """The last terms and what they would come to, marked as no more than that."""
    assert terms.until is not None
    until, came_to = day(terms.until, lang), _outcome(rulebook, scheme, then, lang)
    if lang == "en":
        under = f" ({terms.instrument})" if terms.instrument else ""
        return f"In force until {until}{under}. {came_to} Whether they go on is not confirmed; no total counts them."
    under = f"（{terms.instrument}）" if terms.instrument else ""
    return f"执行到{until}{under}。{came_to}以后是否照旧还没有核实，不计入合计。"


def _outcome(rulebook: Rulebook, scheme: Scheme, then: EssenceRecord, lang: str) -> str:
    """What the last terms say of the firm, in one sentence."""
    status, en = then["status"], lang == "en"
    missing, failing = (_labels(rulebook, names, lang) for names in (then["missing"], then["failing"]))
    match status:
        case "eligible" if scheme.kind == "service":
            return "Anyone in the firm's place could ask for it." if en else "照它，贵单位可以去办。"
        case "eligible":
            return (
                f"Under them the firm was entitled{_sum(then, ': ', lang)}."
                if en
                else f"照它，贵单位可以享受{_sum(then, '：', lang)}。"
            )
        case "needs_decision":
            return (
                f"Under them the firm met what it can state, and the department decided{_sum(then, '; ', lang)}."
                if en
                else f"照它，贵单位能说明的条件都满足，由部门决定给不给{_sum(then, '，', lang)}。"
            )
        case "needs_information":
            return f"To reckon by them, also state: {missing}." if en else f"照它核对，还要知道：{missing}。"
        case "not_eligible":
            return (
                f"Under them the firm did not qualify; what stands in the way: {failing}."
                if en
                else f"照它，贵单位不符合，卡在：{failing}。"
            )
        case "applies":
            return "They bound the firm." if en else "照它，贵单位要遵守。"
    return "They did not bind the firm." if en else "照它，贵单位不受限制。"


def _sum(then: EssenceRecord, before: str, lang: str) -> str:
    amount = then["amount"]
    if amount is None or amount["kind"] == "none":
        return ""
    return before + amount_text(amount["kind"], *ends_of(amount), lang, tight=False)


def _labels(rulebook: Rulebook, names: Iterable[str], lang: str) -> str:
    labels = [rulebook.facts[name].label.get(lang).replace("是否", "", 1) for name in names]
    joined = ("; " if lang == "en" else "、").join(labels[:_FEW])
    more = len(labels) - _FEW
    if more <= 0:
        return joined
    return f"{joined}; and {more} more" if lang == "en" else f"{joined}等{len(labels)}项"
