"""What an entry for the register must look like before a row is made of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from matcher.store.columns import canonical
from matcher.store.faults import EntryError
from matcher.store.tables import Kind, Language, Origin


def _as_read_back(value: Any) -> Any:
    """The value as the database will return it (tuples become lists), so that a record never changes by a reload."""
    return json.loads(canonical(value))


def _no_repeats(slugs: list[str]) -> list[str]:
    if len(set(slugs)) != len(slugs):
        raise ValueError("a scheme is named twice")
    return slugs


Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
ReceiptId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
RecordId = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Facts = Annotated[dict[str, bool | int | str | None], AfterValidator(_as_read_back)]
Decisions = Annotated[list[dict[str, Any]], AfterValidator(_as_read_back)]


class _Entry(BaseModel):
    # The faults must not repeat what was put in: it may be a firm's facts.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    @classmethod
    def read(cls, values: Mapping[str, object]) -> Self:
        """Check the values and give the entry.

        :raises EntryError: naming every faulty field with its reason, and no value.
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            faults = [(".".join(map(str, fault["loc"])), fault["msg"]) for fault in error.errors(include_input=False)]
        listed = "; ".join(f"{field}: {message}" for field, message in faults)
        raise EntryError(
            tuple(field for field, _ in faults),
            f"不能登记，请更正以下各项：{listed}",
            f"This cannot be registered; correct these: {listed}",
        )


class DecisionEntry(_Entry):
    """The decisions on one profile: times are aware, figures are decimal strings, a float is refused anywhere."""

    receipt_id: ReceiptId
    created_at: AwareDatetime
    as_of: date
    rulebook_hash: Digest
    profile: Facts | None
    decisions: Decisions
    origin: Origin


class LetterEntry(_Entry):
    """A letter made of a decision record that is in the register already."""

    decision_record_id: RecordId
    kind: Kind
    language: Language
    number: Annotated[str, Field(min_length=1, max_length=64)] | None
    sha256: Digest
    made_at: AwareDatetime
    schemes: Annotated[list[Slug], AfterValidator(_no_repeats)]
