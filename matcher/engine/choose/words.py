"""One paragraph on a choice: the recommended set, how its total is reached, and why the runner-up loses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from matcher.rulebook import Scheme
from matcher.text import STATUS, sentences, yuan

from .choice import Choice, RunnerUp
from .offers import CREDIT, DEDUCTION, DEFERRAL, MONEY, Offer

Schemes = Mapping[str, Scheme]

_LOSES: dict[str, tuple[str, str]] = {
    "exact": ("合计相同，但其中确定的较少", "equal money, but less of it certain"),
    "deductions": ("合计相同，但扣除额较少", "equal money, but less of deductions"),
    "released_credit": ("合计相同，但退还的留抵税额较少", "equal money, but less credit released"),
    "deferrals": ("合计相同，但缓缴的较少", "equal money, but less put off"),
    "without_money": ("合计相同，但没有金额的资格、权利等较少", "equal money, but fewer titles and rights"),
    "applications": ("合计相同，但要多申报", "equal money, but more applications"),
    "by_department": ("合计相同，但要由部门评定的较多", "equal money, but more that a department awards"),
    "alphabet": ("其余相同，按编号先后取前者", "equal in all else; the first in the alphabet is taken"),
}

_BESIDE: dict[str, tuple[str, str]] = {
    DEFERRAL: ("缓缴 {} 元，以后仍要缴，不计入合计", "{} yuan put off, which stays due and is not in the total"),
    DEDUCTION: (
        "可从应纳税所得额中扣除 {} 元，不是少缴的税；扣除额和因此少缴的税都不计入合计",
        "{} yuan of deductions from taxable income, which are no tax; neither they nor the tax they save are in the total",
    ),
    CREDIT: (
        "退还留抵税额 {} 元，是企业自己的钱，另列",
        "{} yuan of the firm's own VAT credit paid out sooner, listed apart",
    ),
}


def paragraph(choice: Choice, schemes: Schemes, lang: str) -> str:
    """The paragraph, Chinese or English."""
    if not choice.chosen:
        return sentences.say("没有可以选取的政策。", lang)
    said = [part for say in (_set, _sum, _spans, _beside) for part in say(choice, schemes, lang)]
    if choice.runner_up is not None:
        said.append(_second(choice, choice.runner_up, schemes, lang))
    return "".join(f"{one}。" for one in said) if lang == "zh" else " ".join(f"{one}." for one in said)


def _yuan(fen: int) -> str:
    whole, cents = yuan(fen).split(".")
    return f"{int(whole):,}.{cents}"


def _name(offer: Offer, schemes: Schemes, lang: str) -> str:
    name = schemes[offer.scheme].name.get(lang) if offer.scheme in schemes else offer.scheme
    place = "" if offer.object == "firm" else offer.object if offer.label is None else offer.label.get(lang)
    inside = ", ".join(part for part in (offer.item, place) if part)
    return f"{name} [{inside}]" if inside else name


def _all(offers: Iterable[Offer], schemes: Schemes, lang: str) -> str:
    return ("、" if lang == "zh" else "; ").join(_name(one, schemes, lang) for one in offers)


def _set(choice: Choice, schemes: Schemes, lang: str) -> Iterator[str]:
    """What is to be taken: first what has a figure, then titles, rights and what is paid to others."""
    with_figure = [one for one, (_, fen) in zip(choice.chosen, choice.lines, strict=True) if fen is not None]
    without = [one for one in choice.chosen if one not in with_figure]
    for offers, zh, en in (
        (with_figure, "建议", "Recommended"),
        (without, "另外，没有金额的", "Besides, without a sum"),
    ):
        if offers:
            yield (f"{zh}：" if lang == "zh" else f"{en}: ") + _listed(offers, schemes, lang)


def _listed(offers: Iterable[Offer], schemes: Schemes, lang: str) -> str:
    """The offers, those marked on which a department has still to decide."""
    undecided = STATUS["needs_decision"].short.get(lang)
    mark = f"（{undecided}）" if lang == "zh" else f" ({undecided})"
    said = (_name(one, schemes, lang) + (mark if one.status == "needs_decision" else "") for one in offers)
    return ("、" if lang == "zh" else "; ").join(said)


def _sum(choice: Choice, schemes: Schemes, lang: str) -> Iterator[str]:
    """`exact = a + b`, and likewise what is only up to."""
    for certain, total, zh, en in (
        (True, choice.total.exact, "确定的", "Certain"),
        (False, choice.total.up_to, "最多可达的", "Up to"),
    ):
        parts = [
            f"{_name(one, schemes, lang)} {_yuan(fen)}" + _cut(one, fen, lang)
            for one, (line, fen) in zip(choice.chosen, choice.lines, strict=True)
            if line == MONEY and fen is not None and one.exact is certain
        ]
        if parts:
            joined = " + ".join(parts)
            yield f"{zh}：{joined} = {_yuan(total)} 元" if lang == "zh" else f"{en}: {joined} = {_yuan(total)} yuan"
    if not choice.total.money:
        yield sentences.say("没有可以计入合计的金额", lang)


def _cut(offer: Offer, fen: int, lang: str) -> str:
    if fen == offer.figure:
        return ""
    of = _yuan(offer.figure or 0)
    return sentences.say("（{of}超出共同上限的部分不计）", lang, of=of)


def _spans(choice: Choice, schemes: Schemes, lang: str) -> Iterator[str]:
    """What in the total runs longer than a year or a period; it is counted once and whole."""
    for offer, (line, fen) in zip(choice.chosen, choice.lines, strict=True):
        scheme = schemes.get(offer.scheme)
        if line == MONEY and fen and scheme is not None and scheme.span is not None:
            name, span = _name(offer, schemes, lang), scheme.span.get(lang)
            yield (sentences.say("{name}是{span}的合计，不折成每年", lang, name=name, span=span))


def _beside(choice: Choice, schemes: Schemes, lang: str) -> Iterator[str]:
    for line, words in _BESIDE.items():
        if choice.sum_of(line):
            yield words[lang != "zh"].format(_yuan(choice.sum_of(line)))
    if choice.apart:
        yield (sentences.say("不付给企业、单列的：", lang)) + _all(choice.apart, schemes, lang)


def _second(choice: Choice, second: RunnerUp, schemes: Schemes, lang: str) -> str:
    takes = _all((one for one in second.chosen if one not in choice.chosen), schemes, lang)
    leaves = _all((one for one in choice.chosen if one not in second.chosen), schemes, lang)
    if second.loses_by == "money":
        less = _yuan(second.less_by)
        why = sentences.say("合计少{less}元", lang, less=less)
    else:
        why = _LOSES[second.loses_by][lang != "zh"]
    if lang == "zh":
        return f"次优：改选{takes}" + (f"，放弃{leaves}" if leaves else "") + f"，{why}"
    return f"Runner-up: {takes}" + (f" instead of {leaves}" if leaves else "") + f": {why}"
