"""The words and sums of the workbooks in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from matcher.engine import GroundedRecord, Item, ItemRecord, OutcomeRecord, ends_of
from matcher.rulebook import AmountKind, Recipient, Scheme, Status
from matcher.rulebook.language import KIND_WORDS
from matcher.text import RECIPIENT, STATUS, amount_text, fen_of

# ---------------------------------------------------------------------------------------------------------------------
# The words of the workbooks in Chinese and English; labels of facts and schemes are the rulebook's own.
# ---------------------------------------------------------------------------------------------------------------------


Pair = tuple[str, str]

COLOURS: Mapping[Status, str] = {
    "eligible": "#C6E7CE",
    "needs_decision": "#CFE2F3",
    "needs_information": "#FFF2CC",
    "not_eligible": "#E7E6E6",
    "not_open": "#F5F5F5",
    "unconfirmed": "#E4DFEC",
    "applies": "#F8CBAD",
    "does_not_apply": "#FFFFFF",
}

# Of a right, a service or a restriction, for which no sum is to be expected.
NO_SUM: Pair = ("不涉及金额", "no sum")


def pick(pair: Pair, lang: str) -> str:
    """The words in ``lang`` (zh or en)."""
    return pair[lang == "en"]


def status(name: Status, lang: str) -> str:
    """The word for a status."""
    return STATUS[name].short.get(lang)


def recipient(name: Recipient | None, lang: str) -> str:
    """Who gets it, in words; where that is not settled, so it says."""
    return RECIPIENT[name].short.get(lang) if name is not None else pick(("尚未确定", "not settled"), lang)


# The two certain sums of a firm.
CERTAIN: Mapping[str, Pair] = {
    "cash": ("一年确定能领的现金（元）", "certain cash a year (yuan)"),
    "less": ("一年确定少缴、少付（元）", "certainly paid less a year (yuan)"),
}


# ---------------------------------------------------------------------------------------------------------------------
# The sum of a decision, taken out of its JSON and put into words.
# ---------------------------------------------------------------------------------------------------------------------


POSITIVE: tuple[Status, ...] = ("eligible", "needs_decision", "applies")

_OWN: tuple[Recipient, ...] = ("firm_cash", "firm_price")


@dataclass(frozen=True, slots=True)
class Sum:
    """``kind`` as in a decision; ``low`` and ``high`` in fen, equal unless a range, 0 where there is no figure."""

    kind: AmountKind
    low: int = 0
    high: int = 0


def sum_of(decision: OutcomeRecord) -> Sum | None:
    """The sum of a decision; None where none goes with its status."""
    stated = decision["amount"]
    if stated is None:
        return None
    return Sum(stated["kind"], *ends_of(stated))


def certain_of(decisions: Iterable[GroundedRecord], number: str) -> int | None:
    """Fen of cash, or of tax and fees less, that the decisions certainly give their firm in a year, as every page says it; None
    where that was not reckoned."""
    total = 0
    for one in decisions:
        if one["status"] == "eligible" and "certain" not in one:
            return None
        found = one.get("certain")
        if found is not None and found["number"] == number:
            total += fen_of(found["yuan"])
    return total


def yuan(fen: int) -> Decimal:
    """Fen in yuan, exact, for a cell that holds a number."""
    return Decimal(fen).scaleb(-2)


_MOST_NAMED = 5


def item(told: ItemRecord, lang: str) -> str:
    """What one of several loans, projects … is called."""
    return Item(told["kind"], told["id"], name=told["name"]).label.get(lang)


def said_of(name: str, text: str, lang: str) -> str:
    """What is said of something: “设备贷款：可享受”."""
    return f"{name}: {text}" if lang == "en" else f"{name}：{text}"


def of_items(items: Sequence[ItemRecord], text: str, lang: str) -> str:
    """What is said of several of a kind alike: “1号车床、2号车床等12台：不符合”; at most five are named."""
    names = pick(("、", ", "), lang).join(item(one, lang) for one in items[:_MOST_NAMED])
    if items[_MOST_NAMED:]:
        counter = KIND_WORDS[items[0]["kind"]].counter
        names += pick((f"等{len(items)}{counter}", f" and {len(items) - _MOST_NAMED} more"), lang)
    return said_of(names, text, lang)


def whose(scheme: Scheme, decision: OutcomeRecord, lang: str) -> str:
    """Who gets the sum, in words; of a restriction nobody does."""
    if scheme.kind == "restriction":
        return pick(("限制或罚则，不是给企业的", "a limit or a fine, no support"), lang)
    return recipient(decision["recipient"], lang)


def spoken(scheme: Scheme, decision: OutcomeRecord, lang: str) -> str:
    """A decision's sum in words, `最高 5,000 元`, with whose it is where the firm is not paid; empty without a figure."""
    found = sum_of(decision)
    if found is None or found.kind == "none":
        return ""
    text = amount_text(found.kind, found.low, found.high, lang, tight=False)
    if scheme.kind == "support" and decision["recipient"] in _OWN:
        return text
    told = whose(scheme, decision, lang)
    return pick((f"{text}（{told}）", f"{text} ({told})"), lang)
