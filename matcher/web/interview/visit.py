"""One visit: what was told so far, on which day and about which schemes it is asked, and what the engine makes of it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask import request

from matcher.engine.ask import Screen, Survey, Told, screen_for, survey
from matcher.web import keep
from matcher.web.catalogue import Catalogue, catalogue
from matcher.web.intake import asked_day
from matcher.web.keep import Answers


@dataclass(frozen=True)
class Visit:
    """Answers with the rulebook they are asked of. What the engine says is worked out once, when first wanted."""

    book: Catalogue
    answers: Answers

    @cached_property
    def as_of(self) -> date:
        """The day asked about; today in Tianjin where none was told."""
        return asked_day(self.answers.as_of or "")[0]

    @cached_property
    def told(self) -> Told:
        """The answers as the engine reads them."""
        return self.answers.told(self.book.rulebook)

    @cached_property
    def survey(self) -> Survey:
        """What is settled and what to ask next."""
        return survey(self.book.rulebook, self.told, self.as_of, self.slugs or None)

    @property
    def slugs(self) -> tuple[str, ...]:
        """The schemes chosen; none means all."""
        return self.book.chosen(self.answers.schemes)

    def screen(self, fact: str) -> Screen:
        """The question for one fact, whatever was answered to it."""
        return screen_for(self.book.rulebook, self.told, self.as_of, fact, self.slugs or None)


def visit() -> Visit:
    """The visit of this request, by what is kept of it."""
    return Visit(catalogue(), keep.load(request))
