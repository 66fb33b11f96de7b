"""The interview for programs: what to ask a firm next, by what it told so far; nothing is kept between two requests."""

from __future__ import annotations

from dataclasses import replace

from flask import Response

from matcher.firms import Fault
from matcher.presentation import catalogue
from matcher.rulebook import Text

from .access import spend
from .blueprint import pages
from .catalogue_views import answer
from .operations import JSON, Operation, operation, ref
from .problems import refused
from .questions import next_question_response, read_beside
from .requests import document, only, profile_of

_KEYS = ("unsure", "gates")


@pages.post("/next-question")
@operation(
    Operation(
        Text(zh="下一题问什么", en="What to ask next"),
        {JSON: ref("NextQuestion")},
        takes={JSON: ref("Answers")},
        refuses=(400, 401, 403, 413, 415, 422, 429),
        scope="check",
    )
)
def next_question() -> Response:
    """The next screen, what is settled by now, and what it may come to in a year."""
    only()
    spend()
    found = document()
    told_beside, faults = read_beside(catalogue().rulebook, found.data)
    bare = (
        {key: value for key, value in found.data.items() if key not in _KEYS} if isinstance(found.data, dict) else None
    )
    profile = profile_of(found if bare is None else replace(found, data=bare))
    faults = [*profile.faults, *faults]
    if profile.items.all or profile.items.complete:
        text = Text(
            zh="问答里每种事项只填一个，请写进 facts", en="the interview takes one item of a kind: write it into facts"
        )
        faults.append(Fault("items", None, "{…}", text, ("items",)))
    if faults:
        raise refused(faults)
    return answer(
        next_question_response(catalogue().rulebook, profile.facts, told_beside, profile.as_of, profile.schemes)
    )
