"""Sorts what is not done next: schemes with money by money, then everything else by kind, each scheme exactly once."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from matcher.engine.choose import Headline
from matcher.text import sentences, site_labels

from .cards import Card
from .ledger import MARKS, entry_note, entry_sum
from .results import Group, Results


@dataclass(frozen=True)
class MoneyRow:
    """A scheme that brings money: the sum with “up to” where it is at most, where it comes from, how sure it is."""

    card: Card
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
    cards = {card.slug: card for group in found.groups for card in group.cards}
    paying = [slug for slug in dict.fromkeys(one.scheme for one in money.entries) if slug in cards]
    rows = sorted((_row(cards[slug], money, lang) for slug in paying if slug not in done), key=_by_money(money))
    away = {*paying, *done}
    folds = [Fold(group, tuple(card for card in group.cards if card.slug not in away)) for group in found.groups]
    return Rest(tuple(rows), tuple(fold for fold in folds if fold.cards), len(cards))


def _by_money(money: Headline) -> Callable[[MoneyRow], int]:
    return lambda row: -sum(one.fen for one in money.entries_of(row.card.slug))


def _row(card: Card, money: Headline, lang: str) -> MoneyRow:
    entries = money.entries_of(card.slug)
    mark, tone = MARKS[entries[0].standing]
    note = next((note for one in entries if (note := entry_note(one, lang))), "")
    standing = sentences.say(site_labels.STANDING[entries[0].standing], lang)
    return MoneyRow(card, entry_sum(entries, lang), note, mark, tone, standing)
