"""Sorts what is not done next: schemes with money by money, then everything else by kind, each scheme exactly once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from matcher.engine.choose import Headline
from matcher.text import sentences, site_labels

from .cards import Card
from .ledger import MARKS, entry_note, entry_sum
from .results import Group, Results


@dataclass(frozen=True)
class MoneyRow:
    """A scheme that brings money: the sum with “up to” where it is at most, where it comes from, how sure it is.

    Of several items `each` has their cards, with what each comes to; the row's own card is the first of them.
    """

    card: Card
    each: tuple[tuple[Card, str], ...]
    amount: str
    note: str
    mark: str
    tone: str
    standing: str


@dataclass(frozen=True)
class Fold:
    """The schemes of one kind that bring no sum: `group` says heading, mark and colour, `cards` are those that stand in it."""

    group: Group
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Rest:
    """The rows by money and the folds by kind. With the actions they hold every scheme that was checked: `checked` of them."""

    rows: tuple[MoneyRow, ...]
    folds: tuple[Fold, ...]
    checked: int


def rest(found: Results, money: Headline, done: Collection[str], lang: str) -> Rest:
    """Everything but the schemes of ``done``, which stand among the actions."""
    cards: dict[str, list[Card]] = {}
    for card in (card for group in found.groups for card in group.cards):
        cards.setdefault(card.slug, []).append(card)
    paying = [slug for slug in dict.fromkeys(one.scheme for one in money.entries) if slug in cards]
    paid = {slug: _paid(cards[slug], money) for slug in paying}
    rows = sorted((_row(paid[slug], money, lang) for slug in paying if slug not in done), key=_by_money(money))
    away = {card.key for some in paid.values() for card in some} | {(slug, None) for slug in done}
    folds = [Fold(group, tuple(card for card in group.cards if card.key not in away)) for group in found.groups]
    return Rest(tuple(rows), tuple(fold for fold in folds if fold.cards), len(cards))


def _paid(cards: Sequence[Card], money: Headline) -> list[Card]:
    """The cards of a scheme that bring something, of several items those that do, the most money first."""
    some = [card for card in cards if card.item is None or money.entries_of(card.slug, card.item)]
    return sorted(some, key=lambda card: -sum(one.fen for one in money.entries_of(card.slug, card.item)))


def _by_money(money: Headline) -> Callable[[MoneyRow], int]:
    return lambda row: -sum(one.fen for one in money.entries_of(row.card.slug))


def _row(cards: Sequence[Card], money: Headline, lang: str) -> MoneyRow:
    card, entries = cards[0], money.entries_of(cards[0].slug)
    mark, tone = MARKS[entries[0].standing]
    note = next((note for one in entries if (note := entry_note(one, lang))), "")
    standing = sentences.say(site_labels.STANDING[entries[0].standing], lang)
    each = tuple((one, entry_sum(money.entries_of(one.slug, one.item), lang)) for one in cards if one.item is not None)
    return MoneyRow(card, each, entry_sum(entries, lang), note, mark, tone, standing)
