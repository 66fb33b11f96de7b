"""What a letter says, as plain data, and what travels inside its file; nothing is laid out yet."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any, Literal

from matcher.rulebook import Text

# ---------------------------------------------------------------------------------------------------------------------
# What a letter says, as plain data: every word is already chosen, nothing is laid out yet.
# ---------------------------------------------------------------------------------------------------------------------


Kind = Literal["eligibility", "missing", "self_check", "extract", "rule_sheet"]

StatedBy = Literal["firm", "department", "register", "centre"]

"""Who a fact comes from: the firm, a department, the register of firms, the centre that saw the paper."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money in words fit for paper; `kind` is exact, ceiling, range or none."""

    kind: str
    means: str  # what the figure is: tax not paid, a payment put off …
    figures: str  # "19,321.29元", "最高不超过200,000.00元"; empty where kind is none
    capitals: str  # "人民币壹万玖仟叁佰贰拾壹元贰角玖分", in English letters too; empty where kind is none
    sentence: str  # the three in one sentence, with the mark of an unconfirmed figure


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled statement of a section; `key` names it whatever the language (ground, facts, where …)."""

    key: str
    label: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What the letter says about one scheme: the conclusion, the amount, who is paid, and the statements below."""

    scheme: str
    status: str
    heading: str
    conclusion: str
    amount: Amount | None
    paid: str  # empty where nobody is
    rows: tuple[Row, ...]

    def row(self, key: str) -> tuple[str, ...]:
        """The texts under `key`, or none where the section does not speak of it."""
        return next((row.texts for row in self.rows if row.key == key), ())


@dataclass(frozen=True, slots=True)
class Number:
    """One of the three numbers at the head of a certificate: what it is, in figures, and in capital numerals."""

    label: str
    figures: str
    unit: str
    capitals: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A scheme in the table of a certificate; `mark` refers to a note under the table, `item` is the loan, project … in the name."""

    scheme: str
    sign: str  # of its status
    name: str
    before: str  # "up to" in front of the sum
    amount: str
    mark: str
    office: str
    closes: str
    item: str = ""

    def shortened(self, most: int) -> TableRow:
        """The row with the middle of an item's name of more than ``most`` characters left out; both ends tell it from its like."""
        if len(self.item) <= most:
            return self
        short = f"{self.item[: most // 2].rstrip()}…{self.item[-((most - 1) // 2) :].lstrip()}"
        return replace(self, item=short, name=self.name.removesuffix(f"“{self.item}”") + f"“{short}”")


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one kind: what it is, and what they come to."""

    key: str
    heading: str
    said: str
    total: str
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """The first page of a letter on several schemes: the whole answer for one firm."""

    dated: str  # under the title: by the rules of which day, and until when it may be relied on
    firm: str
    firm_code: str
    numbers: tuple[Number, ...]
    columns: tuple[str, ...]
    groups: tuple[Group, ...]
    remarks: tuple[str, ...]  # under the table: what the marks mean, what is only counted
    caution: tuple[str, str]  # its first words, and the rest
    contact: tuple[str, ...]
    annex: str  # the heading over the reasons


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole letter in one language, ready to be laid out."""

    lang: str  # zh, en or both
    title: tuple[str, ...]  # in lines, broken by sense
    addressee: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: tuple[str, ...]
    edition: str  # in the foot: which rulebook, checked as of which day
    written_on: date
    kind: Kind = "self_check"
    rest_heading: str = ""
    rest: tuple[Row, ...] = ()  # in a letter on very many schemes: those that are only named, by status
    firm_code: str = ""  # under the addressee: its credit code, where an office writes to it
    number: str | None = None  # 发文字号, as it is printed; only an issued letter has one
    centre: Text | None = None  # who issues it; None on a paper that nobody issued
    valid_until: date | None = None  # the last day on which the letter may be relied on
    code: str | None = None  # the twelve characters by which it is verified without a phone
    site: str | None = None  # the address of the site that verifies it, without https://
    qr: str | None = None  # the text of the QR code: the signed statement itself
    certificate: Certificate | None = None  # the first page of a letter on several schemes
    translation: Letter | None = None  # the English text that follows a bilingual letter (lang is then both)


def as_data(part: object) -> Any:
    """A letter, or a part of one, as what JSON can write; what is empty is left out, so that a field added later and left empty
    changes nothing."""
    if isinstance(part, date):
        return part.isoformat()
    if isinstance(part, Text):
        return part.to_json()
    if isinstance(part, tuple):
        return [as_data(one) for one in part]
    if not is_dataclass(part):
        return part
    named = ((one.name, getattr(part, one.name)) for one in fields(part))
    return {name: as_data(value) for name, value in named if value not in (None, "", ())}


# ---------------------------------------------------------------------------------------------------------------------
# Holds what travels inside the file of a letter: a file of its own, named, with its type and why it is there.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file embedded in the PDF (PDF/A-3); `relationship` is one of those of ISO 32000-2, 7.11.3: Data, Source …"""

    name: str  # as it is listed and saved, ASCII
    data: bytes
    mime: str
    relationship: str = "Data"
    description: str = ""
