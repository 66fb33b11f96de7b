"""The receipt inside a letter's file: all that the letter was made of, so that it can be made and decided again."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from secrets import token_bytes
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError

from matcher.engine import NO_ITEMS, EssenceRecord, Item, Items, check
from matcher.letters.compose import (
    TAX_RATE,
    StatedBy,
    Summary,
    certain_total,
    facts_that_bear,
    items_that_bear,
    listed,
    summarise,
)
from matcher.rulebook import Text
from matcher.rulebook.language import ItemKind, Scalar
from matcher.text import clean, typed_value, yuan

from .shapes import Digest, PageLine, PageOne, Shape, Stated, StatedItem, Withheld

if TYPE_CHECKING:
    from matcher.engine import Decision
    from matcher.rulebook import Fact, Rulebook


FORMAT: Literal[3] = 3

_SINCE_2 = {"total", "site"}

_SINCE_0_2 = {"worded", "setting"}

_SINCE_3 = {"page", "others", "withheld", "items", "items_complete"}

LARGEST = 512 * 1024

# What a decision comes to. Its reasons, warnings and near misses follow from it and the rulebook.
ESSENCE = ("scheme", "status", "recipient", "amount", "extra", "missing", "failing", "reason", "version")


class ReceiptError(ValueError):
    """Bytes that no receipt is."""


class Receipt(Shape):
    """A letter's receipt; two that say the same are the same bytes.

    ``total`` (yuan) is what the firm surely has, where the letter adds it up; ``site`` is the address of the site that
    verifies it. ``statement`` is the text of the QR code. It is signed over `evidence`, and so is no part of it.
    ``worded`` is the SHA-256 of the letter's words and ``setting`` that of what it was set with: by them a verifier tells other
    words from another setting. Format 1, of letters issued before, has none of these; a receipt of format 2 may be without the
    last two. Since format 3 it holds what bears on the letter's schemes alone: ``others`` has the bare status of all others,
    ``withheld`` the hashes of all other facts, and ``page`` what the first page says. ``items`` are those of several loans, projects …
    that bear on them, and ``items_complete`` the kinds of which the firm told all; both are absent where it told none.
    """

    format: Literal[1, 2, 3] = FORMAT
    number: Annotated[str, Field(max_length=64)]
    centre: str  # its id
    centre_name: Text
    kind: Literal["eligibility", "missing"]
    lang: Literal["zh", "en", "both"]
    as_of: str
    written_on: str
    valid_until: str | None
    supersedes: str | None = None
    rulebook: Digest
    program: str  # the version that made the letter
    addressee: str | None
    facts: dict[str, Stated]
    decisions: tuple[dict[str, Any], ...]
    total: str | None = None
    site: str | None = None
    worded: Digest | None = None
    setting: Digest | None = None
    page: PageOne | None = None
    others: dict[str, tuple[str, ...]] | None = None
    withheld: Withheld | None = None
    items: tuple[StatedItem, ...] | None = None
    items_complete: tuple[ItemKind, ...] | None = None
    statement: str = ""

    def to_bytes(self) -> bytes:
        """Canonical JSON: keys in order, no blanks, UTF-8."""
        absent = {name for name in _SINCE_0_2 | _SINCE_3 if getattr(self, name) is None}
        return canonical(self.model_dump(mode="json", exclude=absent | _SINCE_2 if self.format == 1 else absent))

    @property
    def evidence(self) -> bytes:
        """SHA-256 of all but the statement, 32 bytes."""
        return hashlib.sha256(self.model_copy(update={"statement": ""}).to_bytes()).digest()

    @property
    def name(self) -> str | None:
        """The firm's name as it is printed; None where nobody told it."""
        stated = self.facts.get("name")
        return clean(self.addressee or (stated.value if stated else "")) or None

    @property
    def schemes(self) -> tuple[str, ...]:
        """The schemes decided, in the catalogue's order, each once however many items it was decided for."""
        return tuple(dict.fromkeys(str(one.get("scheme")) for one in self.decisions))

    @property
    def decided(self) -> tuple[dict[str, Any], ...]:
        """All decisions: those that stand here whole, and those of which only the status does."""
        bare = ({"scheme": slug, "status": status} for status, slugs in (self.others or {}).items() for slug in slugs)
        return (*self.decisions, *bare)

    def day(self, name: str) -> date | None:
        """One of the dates ``as_of``, ``written_on``, ``valid_until``."""
        told = getattr(self, name)
        return None if told is None else date.fromisoformat(told)

    def told(self, rulebook: Rulebook) -> dict[str, Scalar]:
        """The facts as the engine takes them. Raises ReceiptError for one that this rulebook does not know."""
        return _typed(rulebook, self.facts)

    def items_told(self, rulebook: Rulebook) -> Items:
        """The items as the engine takes them. Raises ReceiptError as `told`."""
        return Items(
            tuple(Item(one.kind, one.id, _typed(rulebook, one.facts), one.name, one.owner) for one in self.items or ()),
            frozenset(self.items_complete or ()),
        )

    def label_of(self, item: str | None) -> str | None:
        """How the letter calls an item, in its first language; None of none."""
        stated = next((one for one in self.items or () if one.id == item), None)
        if stated is None:
            return None
        name = stated.name and clean(stated.name)
        return Item(stated.kind, stated.id, name=name).label.get("en" if self.lang == "en" else "zh")

    @property
    def sources(self) -> dict[str, str]:
        """Who stated each fact; one of an item is called ``loan-1.loan_principal``."""
        own: dict[str, str] = {
            f"{item.id}.{name}": one.by for item in self.items or () for name, one in item.facts.items()
        }
        return {name: one.by for name, one in self.facts.items()} | own


def _typed(rulebook: Rulebook, stated: Mapping[str, Stated]) -> dict[str, Scalar]:
    try:
        return {name: typed_value(rulebook.facts[name], one.value) for name, one in stated.items()}
    except (KeyError, ValueError, ArithmeticError) as error:
        raise ReceiptError(f"a fact that cannot be read: {error}") from None


@dataclass(frozen=True, slots=True)
class Issue:
    """Under what a letter goes out: who issues it, its number and its dates."""

    centre: str
    centre_name: Text
    number: str
    written_on: date
    valid_until: date | None
    supersedes: str | None = None
    site: str | None = None  # the address of the site that verifies it, as it is printed


def receipt_of(
    rulebook: Rulebook,
    facts: Mapping[str, Scalar],
    decisions: Iterable[Decision],
    as_of: date,
    issue: Issue,
    *,
    kind: Literal["eligibility", "missing"] = "eligibility",
    lang: Literal["zh", "en", "both"] = "zh",
    addressee: str | None = None,
    by: Mapping[str, StatedBy] | None = None,
    seed: bytes | None = None,
    program: str,
    items: Items = NO_ITEMS,
) -> Receipt:
    """The receipt of a letter on the ``decisions``, its statement still empty.

    It holds what bears on the schemes that the letter speaks of: their decisions whole, and the facts that these rest on. Of the
    other decisions it has the status, of the other facts a salted hash.

    :param by: of facts who they come from, where it is not whom the vocabulary names; of an item's as ``loan-1.loan_principal``.
    :param items: the several loans, projects, machines that the decisions are about, if any.
    :param seed: what the salts are made from (32 random bytes), kept by whoever may disclose more; drawn anew without it.
    """
    told, every = by or {}, tuple(decisions)
    summary = summary_of(rulebook, facts, every, as_of, kind, items=items)
    whole, kept, shown = _disclosed(rulebook, facts, items, every, as_of, kind, summary)
    said = {name: _stated(rulebook.facts[name], value, told.get(name)) for name, value in facts.items()}
    own = {
        f"{one.id}.{name}": _stated(rulebook.facts[name], value, told.get(f"{one.id}.{name}") or told.get(name))
        for one in items.all
        for name, value in one.facts.items()
    }
    of_items = tuple(
        StatedItem(
            kind=one.kind,
            id=one.id,
            name=one.name,
            owner=one.owner,
            facts={name: own[f"{one.id}.{name}"] for name in one.facts},
        )
        for one in shown.all
    )
    kept = kept | {f"{one.id}.{name}" for one in shown.all for name in one.facts}
    others: dict[str, list[str]] = {}
    for one in every:
        if one.scheme not in whole:
            others.setdefault(one.status, []).append(one.scheme)
    return Receipt(
        number=issue.number,
        centre=issue.centre,
        centre_name=issue.centre_name,
        kind=kind,
        lang=lang,
        as_of=as_of.isoformat(),
        written_on=issue.written_on.isoformat(),
        valid_until=None if issue.valid_until is None else issue.valid_until.isoformat(),
        supersedes=issue.supersedes,
        rulebook=rulebook.hash,
        program=program,
        addressee=addressee,
        facts={name: one for name, one in said.items() if name in kept},
        decisions=tuple(essence(one.essence()) for one in every if one.scheme in whole),
        site=issue.site,
        page=page_of(summary),
        others={status: tuple(slugs) for status, slugs in others.items()} or None,
        withheld=withheld_of(
            {name: one for name, one in (said | own).items() if name not in kept}, seed or token_bytes(32)
        ),
        items=of_items or None,
        items_complete=tuple(sorted(shown.complete)) or None,
    )


def _disclosed(
    rulebook: Rulebook,
    facts: Mapping[str, Scalar],
    items: Items,
    every: tuple[Decision, ...],
    as_of: date,
    kind: str,
    summary: Summary,
) -> tuple[set[str], set[str], Items]:
    """The schemes whose decisions must stand in a receipt whole, the facts, and the items with theirs, so that the same page follows
    from them alone."""
    all_schemes = {one.scheme for one in every}
    named = set(summary.named)
    for schemes in (named, (named | set(TAX_RATE)) & all_schemes):
        kept = facts_that_bear(rulebook, facts, schemes, as_of)
        told = {name: value for name, value in facts.items() if name in kept}
        shown = items_that_bear(rulebook, items, schemes, as_of)
        again = check(rulebook, told, as_of, schemes, items=shown)
        bare = [{"scheme": one.scheme, "status": one.status} for one in every if one.scheme not in schemes]
        same = [essence(one.essence()) for one in again] == [
            essence(one.essence()) for one in every if one.scheme in schemes
        ]
        if same and summary_of(rulebook, told, again, as_of, kind, bare, shown) == summary:
            return set(schemes), kept, shown
    return all_schemes, set(facts), items


def summary_of(
    rulebook: Rulebook,
    facts: Mapping[str, Scalar],
    decisions: Iterable[Decision],
    as_of: date,
    kind: str,
    others: Iterable[Mapping[str, Any]] = (),
    items: Items = NO_ITEMS,
) -> Summary:
    """What the first page of a letter of this kind says; of ``others`` only scheme and status are known."""
    said, bare = tuple(decisions), tuple(others)
    if kind == "eligibility" and len(said) + len(bare) > 1:
        return summarise(rulebook, facts, said, as_of, bare, items)
    stated = [one.to_json() for one in said]
    # Of several items a notice of what is missing speaks of those that wait.
    return listed(
        [one for one in stated if kind != "missing" or "item" not in one or one["status"] == "needs_information"], as_of
    )


def page_of(summary: Summary) -> PageOne:
    """The same as a receipt holds it."""
    return PageOne(
        lines=tuple(
            PageLine(
                scheme=one.scheme,
                group=one.group,
                status=one.status,
                recipient=one.recipient,
                amount=one.amount,
                fen=one.fen,
                closes=None if one.closes is None else one.closes.isoformat(),
                note=one.note,
                item=one.item,
            )
            for one in summary.lines
        ),
        numbers=summary.numbers,
        more=summary.more,
        free=summary.free,
        bound=summary.bound,
        counts=dict(summary.counts),
    )


def withheld_of(facts: Mapping[str, Stated], seed: bytes) -> Withheld | None:
    """The salted hashes of facts under one root; None where there are none."""
    if not facts:
        return None
    leaves = tuple(sorted(leaf_of(name, one, salt_of(seed, name)) for name, one in facts.items()))
    return Withheld(root=root_of(leaves), leaves=leaves)


def salt_of(seed: bytes, name: str) -> bytes:
    """The salt of one fact: nobody who has not the seed can try values until a hash fits."""
    return hmac.digest(seed, name.encode(), "sha256")[:16]


def leaf_of(name: str, stated: Stated, salt: bytes) -> str:
    """The salted hash of a fact, 32 hexadecimal digits."""
    told = canonical([salt.hex(), name, stated.value, stated.by])
    return hashlib.sha256(told).hexdigest()[:32]


def root_of(leaves: Iterable[str]) -> str:
    """The root over the sorted hashes, 64 hexadecimal digits."""
    return hashlib.sha256("".join(leaves).encode()).hexdigest()


def printed_total(
    rulebook: Rulebook, facts: Mapping[str, Scalar], decisions: Iterable[Mapping[str, Any]], as_of: date, kind: str
) -> str | None:
    """What the firm surely has, in yuan; None where the letter has no total: it is on one scheme, or gives nothing."""
    listed = list(decisions)
    fen = certain_total(rulebook, facts, listed, as_of) if kind == "eligibility" and len(listed) > 1 else None
    return None if fen is None else f"{fen // 100}.{fen % 100:02d}"


def read_receipt(data: bytes) -> Receipt:
    """The receipt that stands in these bytes. Raises ReceiptError for anything but what `Receipt.to_bytes` writes."""
    if len(data) > LARGEST:
        raise ReceiptError("too long")
    try:
        found = Receipt.model_validate_json(data)
        for name in ("as_of", "written_on", "valid_until"):
            found.day(name)
    except (ValidationError, ValueError, RecursionError) as error:
        raise ReceiptError(str(error).splitlines()[0]) from None
    if found.to_bytes() != data:
        raise ReceiptError("not in the form receipts are written in")
    return found


def essence(decision: EssenceRecord) -> dict[str, Any]:
    """What a decision comes to, ready to be compared: the order in which facts are best told is no part of it."""
    kept = {name: decision.get(name) for name in ESSENCE}
    kept |= {"missing": sorted(decision["missing"]), "failing": sorted(decision["failing"])}
    if "item" in decision:
        kept["item"] = decision["item"]
    plain: dict[str, Any] = json.loads(canonical(kept))
    return plain


def canonical(value: object) -> bytes:
    """The one way in which a value is written as JSON."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _stated(fact: Fact, value: Scalar, by: StatedBy | None) -> Stated:
    return Stated(value=stated_of(fact, value), by=by or fact.stated_by)


def stated_of(fact: Fact, value: Scalar) -> str:
    """The text from which `typed_value` makes the same value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if fact.type == "money" and isinstance(value, int):
        return yuan(value)
    return str(value if isinstance(value, str) else Fraction(value))
