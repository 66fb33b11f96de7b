"""The interview: the start page, one screen of questions after the other, the results, all answers, and what if."""

from matcher.web.interview import answers, ask, result, start, what_if

BLUEPRINTS = (start.pages, ask.pages, result.pages, answers.pages, what_if.pages)

__all__ = ["BLUEPRINTS"]
