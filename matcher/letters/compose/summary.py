"""What the first page of a letter says, without its words: three numbers, the lines they are the sums of, and the counts of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, Protocol

from matcher.engine import NO_ITEMS, Item, Items
from matcher.engine.choose import ITEMS, TITLES, Entry, Headline, TooTangled, Unsaid, headline, without_figure
from matcher.rulebook.language import Scalar, kind_of, owners
from matcher.text import fen_of

if TYPE_CHECKING:
    from matcher.engine import Decision
    from matcher.rulebook import AmountKind, Recipient, Rulebook, Status

Json = Mapping[str, Any]

Group = Literal["certain", "possible", "apart"]

GROUPS: tuple[Group, ...] = ("certain", "possible", "apart")

"""In which part of the page a line stands: its sum is in the first two numbers; in the third; in none."""

Note = Literal[
    "", "unconfirmed", "deduction", "yearly", "credit", "deferral", "others", "instead", "later", "unconfirmed deduction",
    "unconfirmed yearly",
]  # fmt: skip

NOTES: tuple[Note, ...] = (
    "", "unconfirmed", "deduction", "yearly", "credit", "deferral", "others", "instead", "later", "unconfirmed deduction",
    "unconfirmed yearly",
)  # fmt: skip

"""What is to be known of a sum: a figure in it is not confirmed; it is the tax that a deduction saves; a year of periods; the
firm's own VAT credit; only put off; paid to others; another scheme counts in its place; deducted sooner, not more."""

MOST_LINES = 16  # as many as the page holds, and the signed code beside it

# By these the rate is found at which a deduction is said as tax.
TAX_RATE = ("small-low-profit-income-tax", "high-tech-enterprise-income-tax")

_ANSWERED = ("eligible", "needs_decision")

_TO_THE_FIRM = ("firm_cash", "firm_price")


@dataclass(frozen=True, slots=True)
class Line:
    """A scheme on the first page. ``fen``: what it adds to the numbers, a year; of the group apart, its own sum; None where none is
    known. ``closes``: the last day to act, where known, else the last day of its rules. ``item``: the id of the one it is about."""

    scheme: str
    group: Group
    status: Status
    recipient: Recipient | None
    amount: AmountKind
    fen: int | None
    closes: date | None
    note: Note = ""
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """The first page without its words.

    ``numbers``: cash, less, possible, in fen; None where nobody can vouch for a set that fits together. ``more``: schemes for which it
    has no room. ``free``: how many services and titles without money; ``bound``: restrictions that apply. ``counts``: of all.
    """

    lines: tuple[Line, ...]
    numbers: tuple[int, int, int] | None
    more: tuple[str, ...]
    free: int
    bound: tuple[str, ...]
    counts: Mapping[Status, int]

    @property
    def named(self) -> tuple[str, ...]:
        """The schemes of which the letter says more than their number: those that its annex gives the reasons of."""
        return tuple(dict.fromkeys((*(one.scheme for one in self.lines), *self.more)))


def summarise(
    rulebook: Rulebook,
    facts: Mapping[str, Scalar],
    decisions: Iterable[Decision],
    as_of: date,
    others: Iterable[Json] = (),
    items: Items = NO_ITEMS,
) -> Summary:
    """The first page of a letter on ``decisions`` taken for a day, and on ``others`` of which only scheme and status are known.

    ``items``: the several loans, projects, machines that the decisions are about, if any; each has lines of its own.
    """
    whole, bare = tuple(decisions), tuple(others)
    try:
        found: Headline | None = headline(rulebook, facts, whole, as_of, items)
    except TooTangled:  # a sum that nobody can vouch for is not printed
        found = None
    lines = sorted((line for one in whole for line in _lines(rulebook, one, found, as_of)), key=_by_use)
    named = {one.scheme for one in lines}
    tally = Counter([*(one.status for one in whole), *(one["status"] for one in bare)])
    answered = [*((one.scheme, one.status) for one in whole), *((one["scheme"], one["status"]) for one in bare)]
    return Summary(
        lines=tuple(lines[:MOST_LINES]),
        numbers=None if found is None else found.numbers,
        more=tuple(dict.fromkeys(one.scheme for one in lines[MOST_LINES:])),
        free=len({slug for slug, status in answered if status in _ANSWERED and slug not in named}),
        bound=tuple(sorted({slug for slug, status in answered if status == "applies"})),
        counts=dict(sorted(tally.items())),
    )


class _Stated(Protocol):
    @property
    def group(self) -> str: ...
    @property
    def fen(self) -> int | None: ...


def in_words(numbers: Sequence[int], lines: Sequence[_Stated], waiting: int) -> dict[str, Unsaid]:
    """Which of the three numbers stand on a page in words, by what stands there: `without_figure`, as everywhere.

    ``numbers``: in fen; ``lines``: those of the page; ``waiting``: for how many schemes facts are missing.
    """
    is_to_be_set = any(one.group == "possible" and one.fen is None for one in lines)
    return without_figure(numbers, is_to_be_set=is_to_be_set, waiting=waiting, is_bare=not lines)


def listed(decisions: Sequence[Json], as_of: date) -> Summary:
    """The same of a letter that speaks of each scheme whatever came out: one scheme in full, or a notice of what is missing."""
    lines = tuple(_bare_line(one, as_of) for one in decisions)
    tally = Counter(one["status"] for one in decisions)
    more = tuple(one.scheme for one in lines[MOST_LINES:])
    return Summary(lines[:MOST_LINES], None, more, 0, (), dict(sorted(tally.items())))


def facts_that_bear(rulebook: Rulebook, facts: Mapping[str, Scalar], schemes: Iterable[str], as_of: date) -> set[str]:
    """The told facts that bear on the schemes: what their rules read, what their money is chosen by, and whose letter it is."""
    return _read_by(rulebook, schemes, as_of) & set(facts)


def items_that_bear(rulebook: Rulebook, items: Items, schemes: Iterable[str], as_of: date) -> Items:
    """The items that the schemes are about, with what these are for, and of each the facts that bear on the schemes."""
    slugs = tuple(schemes)
    about = {kind for slug in slugs if (kind := kind_of(rulebook.schemes[slug].object)) is not None}
    # What sums and counts over items speaks of all of them, whichever facts it reads.
    kinds = {one.kind for one in items.all} if rulebook.quantified & set(slugs) else about
    kinds |= {owner for kind in about for owner in owners(kind)}
    read = _read_by(rulebook, slugs, as_of)
    return Items(
        tuple(
            Item(
                one.kind,
                one.id,
                {name: value for name, value in one.facts.items() if name in read},
                one.name,
                one.owner,
            )
            for one in items.all
            if one.kind in kinds
        ),
        items.complete & kinds,
    )


def _read_by(rulebook: Rulebook, schemes: Iterable[str], as_of: date) -> set[str]:
    """The facts that the schemes' rules read, told or not."""
    read = {"name", "credit_code", "district", "tax_filing_cycle", "vat_status", *TITLES}
    editions = rulebook.at(as_of).schemes
    for slug in schemes:
        read.update(editions[slug].facts)
        read.add(ITEMS.get(slug, ""))
    return read


def key_of(decision: Json) -> tuple[str, str | None]:
    """By what a decision is found: its scheme, and the id of the item that it is about."""
    return str(decision["scheme"]), decision["item"]["id"] if decision.get("item") else None


def is_doubtful(decision: Json) -> bool:
    """Whether a figure behind the sum is not confirmed, or had to be confirmed again by a day that is past."""
    codes = [str(warning["code"]) for warning in decision.get("warnings") or ()]
    return decision.get("confidence") != "high" or any(code.startswith("figure_") for code in codes)


def _lines(rulebook: Rulebook, decision: Decision, found: Headline | None, as_of: date) -> Iterator[Line]:
    """What a decision adds to each number; where it adds nothing but has money in it, one line apart."""
    item = None if decision.item is None else decision.item.id
    entries = () if found is None else found.entries_of(decision.scheme, item)
    if not entries and decision.status not in _ANSWERED:
        return  # nothing of it stands on the page: its days to keep, which come with its reasons, are nobody's question
    closes = closing_day({**decision.essence(), "deadlines": decision.deadlines}, as_of)
    for entry in entries:
        sure = entry.standing == "certain"
        kind: AmountKind = "exact" if sure else "ceiling"
        recipient: Recipient = "firm_cash" if entry.number == "cash" else "firm_price"
        group: Group = "certain" if sure else "possible"
        yield Line(decision.scheme, group, decision.status, recipient, kind, entry.fen, closes, _note(entry), item)
    if not entries and rulebook.schemes[decision.scheme].kind == "support":
        yield from (replace(one, item=item) for one in _apart(decision, found, closes))


def _note(entry: Entry) -> Note:
    doubtful = entry.standing == "unconfirmed"
    if entry.deduction is not None:
        return "unconfirmed deduction" if doubtful else "deduction"
    if entry.times > 1:
        return "unconfirmed yearly" if doubtful else "yearly"
    if doubtful:
        return "unconfirmed"
    return "credit" if entry.is_credit else ""


def _apart(decision: Decision, found: Headline | None, closes: date | None) -> Iterator[Line]:
    amount = decision.amount
    if amount is None or amount.kind == "none":
        if decision.recipient in _TO_THE_FIRM:  # there will be a sum, and nobody knows it yet
            yield Line(decision.scheme, "possible", decision.status, decision.recipient, "none", None, closes)
        return
    if amount.high <= 0:
        return
    object_ = None if decision.item is None else decision.item.id
    left = found is not None and any(
        one.offer.scheme == decision.scheme and object_ in (None, one.offer.object) for one in found.left_out
    )
    note: Note = (
        "deferral"
        if decision.recipient == "firm_deferral"
        else "others"
        if decision.recipient not in _TO_THE_FIRM
        else "instead"
        if left
        else "later"
    )
    kind: AmountKind = "exact" if amount.kind == "exact" else "ceiling"
    yield Line(decision.scheme, "apart", decision.status, decision.recipient, kind, amount.high, closes, note)


def _bare_line(said: Json, as_of: date) -> Line:
    amount = said.get("amount") or {"kind": "none"}
    high = amount.get("high", amount.get("value"))
    kind: AmountKind = "ceiling" if amount["kind"] == "range" else amount["kind"]
    fen = None if high is None else fen_of(high)
    scheme, item = key_of(said)
    return Line(scheme, "apart", said["status"], said.get("recipient"), kind, fen, closing_day(said, as_of), "", item)


def _by_use(line: Line) -> tuple[int, int, str]:
    return GROUPS.index(line.group), -(line.fen or 0), line.scheme


def closing_day(decision: Json, as_of: date) -> date | None:
    """The first last day on or after the day asked about; where there is none, the end of the rules, if they have one."""
    if decision["status"] not in (*_ANSWERED, "needs_information"):
        return None
    days = [date.fromisoformat(one["closes"]) for one in decision.get("deadlines") or () if one["closes"]]
    ahead = [one for one in days if one >= as_of]
    until = (decision.get("version") or {}).get("until")
    if not ahead and until is not None:
        return date.fromisoformat(until)
    return min(ahead, default=None)
