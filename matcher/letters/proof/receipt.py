"""The receipt inside a letter's file: all that the letter was made of, so that it can be made and decided again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from matcher.letters.compose import StatedBy, certain_total
from matcher.rulebook import Text
from matcher.rulebook.language import Scalar
from matcher.text import clean, typed_value, yuan

if TYPE_CHECKING:
    from matcher.rulebook import Fact, Rulebook


FORMAT: Literal[2] = 2

_SINCE_2 = {"total", "site"}

_SINCE_0_2 = {"worded", "setting"}

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

LARGEST = 512 * 1024

# What a decision comes to. Its reasons, warnings and near misses follow from it and the rulebook.
ESSENCE = ("scheme", "status", "recipient", "amount", "extra", "missing", "failing", "reason", "version")


class ReceiptError(ValueError):
    """Bytes that no receipt is."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Stated(_Shape):
    """A fact as it was told, as text (yuan, true, 2026-01-05 …), and who stated it."""

    value: str
    by: StatedBy


class Receipt(_Shape):
    """A letter's receipt; two that say the same are the same bytes.

    ``total`` (yuan) is what the firm surely has, where the letter adds it up; ``site`` is the address of the site that
    verifies it. ``statement`` is the text of the QR code. It is signed over `evidence`, and so is no part of it.
    ``worded`` is the SHA-256 of the letter's words and ``setting`` that of what it was set with: by them a verifier tells other
    words from another setting. Format 1, of letters issued before, has none of these; a receipt of format 2 may be without the
    last two.
    """

    format: Literal[1, 2] = FORMAT
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
    statement: str = ""

    def to_bytes(self) -> bytes:
        """Canonical JSON: keys in order, no blanks, UTF-8."""
        absent = {name for name in _SINCE_0_2 if getattr(self, name) is None}
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
        """The schemes decided, in the catalogue's order."""
        return tuple(str(one.get("scheme")) for one in self.decisions)

    def day(self, name: str) -> date | None:
        """One of the dates ``as_of``, ``written_on``, ``valid_until``."""
        told = getattr(self, name)
        return None if told is None else date.fromisoformat(told)

    def told(self, rulebook: Rulebook) -> dict[str, Scalar]:
        """The facts as the engine takes them. Raises ReceiptError for one that this rulebook does not know."""
        try:
            return {name: typed_value(rulebook.facts[name], one.value) for name, one in self.facts.items()}
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
    decisions: Iterable[Mapping[str, Any]],
    as_of: date,
    issue: Issue,
    *,
    kind: Literal["eligibility", "missing"] = "eligibility",
    lang: Literal["zh", "en", "both"] = "zh",
    addressee: str | None = None,
    by: Mapping[str, StatedBy] | None = None,
    program: str,
) -> Receipt:
    """The receipt of a letter on the ``decisions`` (as `Decision.to_json()` gives them), its statement still empty.

    :param by: of facts who they come from, where it is not whom the vocabulary names.
    """
    told, said = by or {}, [essence(one) for one in decisions]
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
        facts={name: _stated(rulebook.facts[name], value, told.get(name)) for name, value in facts.items()},
        decisions=tuple(said),
        total=printed_total(rulebook, facts, said, as_of, kind),
        site=issue.site,
    )


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


def essence(decision: Mapping[str, Any]) -> dict[str, Any]:
    """What a decision comes to, ready to be compared: the order in which facts are best told is no part of it."""
    kept = {name: decision.get(name) for name in ESSENCE}
    for name in ("missing", "failing"):
        kept[name] = sorted(kept[name] or ())
    plain: dict[str, Any] = json.loads(canonical(kept))
    return plain


def canonical(value: object) -> bytes:
    """The one way in which a value is written as JSON."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _stated(fact: Fact, value: Scalar, by: StatedBy | None) -> Stated:
    return Stated(value=_text(fact, value), by=by or fact.stated_by)


def _text(fact: Fact, value: Scalar) -> str:
    """The text from which `typed_value` makes the same value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if fact.type == "money" and isinstance(value, int):
        return yuan(value)
    return str(value if isinstance(value, str) else Fraction(value))
