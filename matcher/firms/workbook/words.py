"""The words and sums of the workbooks in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matcher.rulebook import Scheme
from matcher.text import RECIPIENT, STATUS, grouped

# ---------------------------------------------------------------------------------------------------------------------
# The words of the workbooks in Chinese and English; labels of facts and schemes are the rulebook's own.
# ---------------------------------------------------------------------------------------------------------------------


Pair = tuple[str, str]

COLOURS: Mapping[str, str] = {
    "eligible": "#C6E7CE",
    "needs_decision": "#CFE2F3",
    "needs_information": "#FFF2CC",
    "not_eligible": "#E7E6E6",
    "not_open": "#F5F5F5",
    "unconfirmed": "#E4DFEC",
    "applies": "#F8CBAD",
    "does_not_apply": "#FFFFFF",
}

AMOUNT: Mapping[str, Pair] = {
    "exact": ("确数", "exact"),
    "ceiling": ("最高", "ceiling"),
    "range": ("区间", "range"),
    "none": ("未定", "not fixed"),
    "no_sum": ("不涉及金额", "no sum"),
}


def pick(pair: Pair, lang: str) -> str:
    """The words in ``lang`` (zh or en)."""
    return pair[lang == "en"]


def status(name: str, lang: str) -> str:
    """The word for a status."""
    return STATUS[name].get(lang)


def recipient(name: str | None, lang: str) -> str:
    """Who gets it, in words; where that is not settled, so it says."""
    return RECIPIENT[name].get(lang) if name is not None else pick(("尚未确定", "not settled"), lang)


# ---------------------------------------------------------------------------------------------------------------------
# The sum of a decision, taken out of its JSON and put into words.
# ---------------------------------------------------------------------------------------------------------------------


Json = Mapping[str, Any]

POSITIVE = ("eligible", "needs_decision", "applies")

_OWN = ("firm_cash", "firm_price")


@dataclass(frozen=True, slots=True)
class Sum:
    """``kind`` as in a decision; ``low`` and ``high`` in fen, equal unless a range, 0 where there is no figure."""

    kind: str
    low: int = 0
    high: int = 0


def sum_of(decision: Json) -> Sum | None:
    """The sum of a decision; None where none goes with its status."""
    stated = decision["amount"]
    if stated is None:
        return None
    if stated["kind"] == "range":
        return Sum("range", fen(stated["low"]), fen(stated["high"]))
    figure = fen(stated["value"]) if "value" in stated else 0
    return Sum(stated["kind"], figure, figure)


def fen(yuan: str) -> int:
    """Yuan as a decision states them, `19321.29`, in whole fen."""
    return int(Decimal(yuan).scaleb(2))


def yuan(fen: int) -> Decimal:
    """Fen in yuan, exact, for a cell that holds a number."""
    return Decimal(fen).scaleb(-2)


def whose(scheme: Scheme, decision: Json, lang: str) -> str:
    """Who gets the sum, in words; of a restriction nobody does."""
    if scheme.kind == "restriction":
        return pick(("限制或罚则，不是给企业的", "a limit or a fine, no support"), lang)
    return recipient(decision["recipient"], lang)


def spoken(scheme: Scheme, decision: Json, lang: str) -> str:
    """A decision's sum in words, `最高 5,000 元`, with whose it is where the firm is not paid; empty without a figure."""
    found = sum_of(decision)
    if found is None or found.kind == "none":
        return ""
    unit, low, high = pick(("元", "yuan"), lang), _grouped(found.low), _grouped(found.high)
    text = f"{high} {unit}"
    if found.kind == "ceiling":
        text = f"{pick(('最高', 'up to'), lang)} {text}"
    if found.kind == "range":
        text = f"{low} {pick(('至', 'to'), lang)} {text}"
    if scheme.kind == "support" and decision["recipient"] in _OWN:
        return text
    told = whose(scheme, decision, lang)
    return pick((f"{text}（{told}）", f"{text} ({told})"), lang)


def _grouped(fen: int) -> str:
    return f"{grouped(fen // 100)}.{fen % 100:02d}" if fen % 100 else grouped(fen // 100)
