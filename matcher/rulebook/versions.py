"""The versions of a scheme as its file lists them, and the days that a firm must keep in each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date as Day
from typing import Annotated, Literal

from pydantic import Field, model_validator

from .shapes import Confidence, Dated, Id, Shape, Text


class DaysSource(Shape):
    """The article (``instrument#article``) in whose excerpt the first day of a version stands, and the last."""

    from_: str | None = Field(default=None, alias="from")
    until: str | None = None


_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Recurrence(Shape):
    """A day that comes again.

    ``after``: a day of the month that follows the period asked about (``period``: as long as the scheme's, or the month of who
    files by the month), or of a ``month`` in the year that follows the year asked about. ``each``: every month or year.
    ``day``: 1 to 31, or ``last`` for the end of the month.
    """

    after: Literal["period", "year"] | None = None
    each: Literal["month", "year"] | None = None
    month: Annotated[int, Field(ge=1, le=12)] | None = None
    day: Annotated[int, Field(ge=1, le=31)] | Literal["last"]

    @model_validator(mode="after")
    def _whole(self) -> Recurrence:
        for wrong in self._faults():
            raise ValueError(wrong)
        return self

    def _faults(self) -> Iterator[str]:
        if (self.after is None) == (self.each is None):
            yield "a day comes again after something (after: period or year) or each month or year (each:), one of the two"
        elif (self.month is None) == ("year" in (self.after, self.each)):
            yield "month says in which month of the year the day lies: it stands with year, and only there"
        elif self.month is not None and self.day != "last" and int(self.day) > _DAYS_IN_MONTH[self.month - 1]:
            yield f"month {self.month} has no day {self.day}; for the end of a month write day: last"


class Within(Shape):
    """So many months from the day that a fact of the firm names."""

    fact: Id
    months: Annotated[int, Field(ge=1, le=600)]


class Deadline(Shape):
    """Something to be done in time: from when (``opens``), until when (``closes``, that day included), or by a day that recurs.

    ``what`` names it in a few words (the application, the loan paid out). ``source``: where the day is written.
    """

    what: Text
    opens: Day | None = None
    closes: Day | None = None
    recurs: Recurrence | None = None
    within: Within | None = None
    source: Annotated[str, Field(min_length=1)]
    confidence: Confidence

    @model_validator(mode="after")
    def _one_kind(self) -> Deadline:
        ends = [one for one in (self.closes, self.recurs, self.within) if one is not None]
        if len(ends) > 1 or (not ends and self.opens is None):
            raise ValueError("a deadline has one end (closes, recurs or within), or only says when it opens")
        if self.opens is not None and self.closes is not None and self.opens > self.closes:
            raise ValueError(f"upside down: opens {self.opens}, closes {self.closes}")
        return self


_NUMBER_OF_A_NOTICE = re.compile(r".*(〔[0-9×]{4}〕|[0-9×]{4}年).*号")


class Awaited(Text):
    """The notice that would confirm a version, in words; ``issuer``: who issues it; ``number``: what its number looks like, with
    × for what is not known yet."""

    issuer: Text | None = None
    number: str | None = None

    @model_validator(mode="after")
    def _like_a_number(self) -> Awaited:
        if self.number is not None and not _NUMBER_OF_A_NOTICE.fullmatch(self.number):
            raise ValueError(
                f"{self.number!r} is no pattern of a number: write it with its year in 〔〕 and × for what is not known"
            )
        return self


class Version(Dated):
    """A version of the scheme as the catalogue lists it; a version with a ``state`` has no rules.

    ``caution``: what every decision of the version is to be read with. ``source``: where its days stand. ``no_deadline``: why no day
    to keep is written (there is none, or none was seen).
    """

    instrument: str | None = None
    state: Literal["unconfirmed", "ended", "no_open_round"] | None = None
    grade: Literal["full", "part", "none"] | None = None
    confidence: Confidence | None = None
    confirm_by: Day | None = None
    note: str | None = None
    source: DaysSource | None = None
    caution: Text | None = None
    deadlines: tuple[Deadline, ...] = ()
    no_deadline: Text | None = None
    awaits: Awaited | None = (
        None  # of an unconfirmed one: the notice that would confirm it, its issuer and what it looks like
    )

    @model_validator(mode="after")
    def _awaited(self) -> Version:
        if self.no_deadline is not None and self.deadlines:
            raise ValueError("no_deadline says why there are no deadlines: leave one of the two out")
        if self.awaits is not None and self.state != "unconfirmed":
            raise ValueError(
                "awaits names the notice that would confirm a version: it stands beside state: unconfirmed"
            )
        return self
