"""Papers to take along: the result sheet, the list of papers to bring, the dates for a calendar, the note of what seems wrong."""

from matcher.web.papers import take, wrong

BLUEPRINTS = (take.pages, wrong.pages)

__all__ = ["BLUEPRINTS"]
