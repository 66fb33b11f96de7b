"""What the first page of a letter says, without its words: three numbers, a line a scheme, and the counts of all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from matcher.engine import has_firm_side
from matcher.engine.choose import ITEMS, MONEY, TITLES, Offer, TooTangled, choose, item_of, line_of, object_of, titles_held
from matcher.rulebook.language import Scalar
from matcher.text import fen_of

if TYPE_CHECKING:
    from matcher.rulebook import AmountKind, Recipient, Rulebook, Status

Json = Mapping[str, Any]

# ---------------------------------------------------------------------------------------------------------------------
# The three numbers: cash to the firm, tax and fees it pays less, and what may still come. One set that fits together.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum of fen; ``at_most``: a part of it is a ceiling or not confirmed, so that it may come to less."""

    fen: int
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    """The three numbers, and how much of each scheme's sum stands in them, in fen."""

    cash: Figure
    less: Figure
    possible: Figure
    counted: Mapping[str, int]


def headline(
    rulebook: Rulebook, facts: Mapping[str, Scalar], decisions: Iterable[Json], as_of: date
) -> Headline | None:
    """The three numbers of ``decisions`` (in their JSON form); None where nobody can vouch for a set that fits together.

    In none of them: deductions, credits released, what is put off, what others are paid. Of what excludes each other the
    best choice counts.
    """
    said = {str(one["scheme"]): one for one in decisions}
    offers = [offer for one in said.values() if (offer := _offer(rulebook, facts, one, as_of)) is not None]
    try:
        choice = choose(offers, rulebook.relations, as_of, titles_held(facts))
    except TooTangled:
        return None
    sums: dict[str, list[tuple[int, bool]]] = {"cash": [], "less": [], "possible": []}
    counted: dict[str, int] = {}
    for offer, (line, fen) in zip(choice.chosen, choice.lines, strict=True):
        if line == MONEY and fen:
            name = _number_of(offer)
            sums[name].append((fen, not offer.exact or is_doubtful(said[offer.scheme])))
            counted[offer.scheme] = fen
    figures = {name: Figure(sum(fen for fen, _ in told), any(most for _, most in told)) for name, told in sums.items()}
    return Headline(**figures, counted=counted)


def _number_of(offer: Offer) -> str:
    if offer.status != "eligible":
        return "possible"
    return "cash" if offer.recipient == "firm_cash" else "less"


def _offer(rulebook: Rulebook, facts: Mapping[str, Scalar], decision: Json, as_of: date) -> Offer | None:
    scheme = rulebook.schemes[decision["scheme"]]
    if decision["status"] not in ("eligible", "needs_decision") or scheme.kind == "restriction":
        return None
    amount = decision.get("amount") or {"kind": "none"}
    own = decision["status"] == "eligible" or has_firm_side(rulebook, scheme.slug, decision.get("reasons"))
    high = amount.get("high", amount.get("value")) if own else None
    return Offer(
        scheme.slug,
        object_of(scheme, facts, as_of),
        item_of(scheme.slug, facts),
        status=decision["status"],
        recipient=decision.get("recipient"),
        figure=None if high is None else max(fen_of(high), 0),
        exact=amount["kind"] == "exact",
        by_department=scheme.award == "by_department",
    )


def is_doubtful(decision: Json) -> bool:
    """Whether a figure behind the sum is not confirmed, or had to be confirmed again by a day that is past."""
    codes = [str(warning["code"]) for warning in decision.get("warnings") or ()]
    return decision.get("confidence") != "high" or any(code.startswith("figure_") for code in codes)


# ---------------------------------------------------------------------------------------------------------------------
# The lines of the first page, and what is only counted on it.
# ---------------------------------------------------------------------------------------------------------------------


MOST_LINES = 16  # as many as the page holds, and the signed code beside it

ANSWERED = ("eligible", "needs_decision")

_FIRMS = ("firm_cash", "firm_price", "firm_deferral")

Note = Literal["", "doubtful", "deferral", "others", "apart", "instead", "shared"]

"""What stands beside a sum: it is not confirmed; only put off; paid to others; a deduction or a credit; another scheme counts in
its place; of it only a part counts, under a ceiling shared with others."""


@dataclass(frozen=True, slots=True)
class Line:
    """A scheme on the first page. ``low``, ``high``: fen, None without a figure; ``closes``: the last day to act, where known.

    ``note``: why the sum is in none of the three numbers, or that it is not confirmed.
    """

    scheme: str
    status: Status
    recipient: Recipient | None
    amount: AmountKind
    low: int | None
    high: int | None
    closes: date | None
    note: Note = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """The first page without its words.

    ``lines``: sure first, then what may be applied for, each by its sum. ``more``: schemes like them for which there is no room.
    ``free``: services, and titles that bring no money by themselves. ``bound``: restrictions that apply. ``counts``: of all.
    """

    lines: tuple[Line, ...]
    more: tuple[Line, ...]
    free: tuple[str, ...]
    bound: tuple[str, ...]
    counts: Mapping[Status, int]
    headline: Headline | None

    @property
    def named(self) -> tuple[str, ...]:
        """The schemes of which the letter says more than their number: those that its annex gives the reasons of."""
        return tuple(one.scheme for one in (*self.lines, *self.more))


def summarise(rulebook: Rulebook, facts: Mapping[str, Scalar], decisions: Iterable[Json], as_of: date) -> Summary:
    """The first page of a letter on ``decisions`` (in their JSON form) taken for a day."""
    said = list(decisions)
    matter = [one for one in said if one["status"] in ANSWERED and _brings_money(rulebook, one)]
    numbers = headline(rulebook, facts, matter, as_of)
    lines = sorted((_line(rulebook, one, as_of, numbers) for one in matter), key=_by_use)
    return Summary(
        lines=tuple(lines[:MOST_LINES]),
        more=tuple(lines[MOST_LINES:]),
        free=tuple(one["scheme"] for one in said if one["status"] in ANSWERED and not _brings_money(rulebook, one)),
        bound=tuple(one["scheme"] for one in said if one["status"] == "applies"),
        counts=Counter(one["status"] for one in said),
        headline=numbers,
    )


def listed(rulebook: Rulebook, decisions: Iterable[Json], as_of: date) -> Summary:
    """The same of a letter that speaks of each scheme whatever came out: one scheme in full, or a notice of what is missing."""
    said = list(decisions)
    lines = [_line(rulebook, one, as_of, None) for one in said]
    lines = [replace(one, note="") for one in lines]
    tally = Counter(one["status"] for one in said)
    return Summary(tuple(lines[:MOST_LINES]), tuple(lines[MOST_LINES:]), (), (), tally, None)


def facts_that_bear(rulebook: Rulebook, facts: Mapping[str, Scalar], schemes: Iterable[str], as_of: date) -> set[str]:
    """The told facts that bear on the schemes: what their rules read, what their money is chosen by, and whose letter it is."""
    read = {"name", "credit_code", "district", "tax_filing_cycle", "vat_status", *TITLES}
    editions = rulebook.at(as_of).schemes
    for slug in schemes:
        read.update(editions[slug].facts)
        read.add(ITEMS.get(slug, ""))
    return read & set(facts)


def _brings_money(rulebook: Rulebook, decision: Json) -> bool:
    """Whether there is, or may be, a sum in it for anybody; a nought is none."""
    amount = decision.get("amount") or {"kind": "none"}
    high = amount.get("high", amount.get("value"))
    if high is not None:
        return fen_of(high) > 0
    return rulebook.schemes[decision["scheme"]].kind == "support" and decision.get("recipient") in _FIRMS


def _line(rulebook: Rulebook, decision: Json, as_of: date, numbers: Headline | None) -> Line:
    amount = decision.get("amount") or {"kind": "none"}
    low, high = (amount.get(side, amount.get("value")) for side in ("low", "high"))
    return Line(
        scheme=decision["scheme"],
        status=decision["status"],
        recipient=decision.get("recipient"),
        amount=amount["kind"],
        low=fen_of(low) if amount["kind"] == "range" and low is not None else None,
        high=None if high is None else fen_of(high),
        closes=_closes(decision, as_of),
        note=_note(rulebook, decision, as_of, numbers) if high is not None else "",
    )


def _note(rulebook: Rulebook, decision: Json, as_of: date, numbers: Headline | None) -> Note:
    recipient = decision.get("recipient")
    if recipient == "firm_deferral":
        return "deferral"
    if recipient not in _FIRMS:
        return "others"
    counted = None if numbers is None else numbers.counted.get(decision["scheme"])
    if counted is None:
        in_force = [one for one in rulebook.relations if one.holds(as_of)]
        bare = Offer(decision["scheme"], "firm", recipient=recipient)
        return "instead" if line_of(bare, in_force) == MONEY else "apart"
    amount = decision["amount"]
    if counted < fen_of(amount.get("high", amount.get("value"))):
        return "shared"
    return "doubtful" if is_doubtful(decision) else ""


def _by_use(line: Line) -> tuple[bool, bool, int]:
    """What is sure first; the firm's own money before what is shown apart; the greater before the smaller."""
    return line.status != "eligible", line.note in ("deferral", "others", "apart", "instead"), -(line.high or 0)


def _closes(decision: Json, as_of: date) -> date | None:
    """The first last day on or after the day asked about; where there is none, the end of the rules, if they have one."""
    days = [date.fromisoformat(one["closes"]) for one in decision.get("deadlines") or () if one["closes"]]
    ahead = [one for one in days if one >= as_of]
    until = (decision.get("version") or {}).get("until")
    if not ahead and until is not None:
        return date.fromisoformat(until)
    return min(ahead, default=None)
