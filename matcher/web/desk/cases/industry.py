"""The industry on a case: told by its code, or in plain words from which a code is picked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from matcher.firms.industries import industries, read_industry
from matcher.web import entries, words
from matcher.web.forms import SelfCheckForm
from matcher.web.intake import FieldFault, Intake
from matcher.web.interview import industry
from matcher.web.questions import Choice, Question

FACT = industry.FACT
PICKED = "industry_is"
_MOST = 3


@dataclass(frozen=True)
class Meant:
    """What is shown under the field: the name of the code that was told, or codes to pick, or that there are none."""

    name: str
    note: str
    picks: tuple[Choice, ...]


def pick(form: SelfCheckForm, sent: Mapping[str, str]) -> None:
    """Put the code that was picked into the form, if the words that stand in the field still lead to it."""
    field, code = form.of_fact(FACT), sent.get(PICKED, "")
    if code and code in {each.value for each in _picks(field.data or "", "", "zh")}:
        field.data = code


def meant(typed: str, sent: Mapping[str, str], lang: str) -> Meant:
    """What stands in the field, put into words: the name of a code, or codes that plain words may mean."""
    typed = typed.strip()
    code = read_industry(typed) if typed else ""
    if isinstance(code, str):
        return Meant(f"= {industry.said(code, lang)}" if code in industries() else "", "", ())
    found = _picks(typed, sent.get(PICKED, ""), lang)
    return Meant("", "" if found else words.say("industry.none", lang), found)


def said(code: str, lang: str) -> str:
    """An industry with its name; as it was told where there is no such code."""
    return industry.said(code, lang) if code in industries() else code


def asked(question: Question, lang: str) -> Question:
    """The question, saying that plain words are an answer too."""
    return replace(question, hint=words.say("case.industry.hint", lang))


def explained(form: SelfCheckForm, intake: Intake) -> Intake:
    """The intake, where plain words are at fault for being no code but lead to some: saying to pick one."""
    field = form.of_fact(FACT)
    if not intake.faults_of(field.name) or not _picks(field.data or "", "", "zh"):
        return intake
    which = FieldFault(field.name, words.WORDS["case.industry.which"])
    return replace(intake, faults=(*(each for each in intake.faults if each.field != field.name), which))


def _picks(typed: str, code: str, lang: str) -> tuple[Choice, ...]:
    typed = typed.strip()[: entries.LONGEST_ENTRY]
    if not typed or isinstance(read_industry(typed), str) or typed.isdecimal():
        return ()
    found = industry.search(code, typed, lang).picks[:_MOST]
    return tuple(one.choice for one in found)
