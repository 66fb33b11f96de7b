"""Reads what came back of a screen: exact answers, bands, 不清楚, faults; and adds it to the answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from werkzeug.datastructures import MultiDict

from matcher.answers import Answers, BandTold, GateTold, Plain, answers
from matcher.firms import read_industry
from matcher.presentation import Catalogue, entries, field_name, form_class, industry, take_in
from matcher.rulebook import Fact, Rulebook, Text
from matcher.rulebook.language import Scalar
from matcher.text import sentences

# The value that says 不清楚: no fact has it, and nothing typed into a chip is ever this.
UNSURE = "?"

ASKED = "fact"

_BAND = "band_"

Blank = Literal["unsure", "no", "left"]

# What the chips of a gate question send, yes first as in every list of yes and no, and what it means that none is chosen.
GATE_ANSWERS: Mapping[str, GateTold] = {"some": "some", "none": "none", UNSURE: "unsure"}

_BLANK_GATE: Mapping[Blank, GateTold] = {"no": "none", "unsure": "unsure"}


@dataclass(frozen=True)
class Posted:
    """What a screen brought. `typed` is as it was typed; `told` and `stated` what was understood, for the engine and to keep.

    `every` is what was asked in the order of the screen, `asked` the facts among it, `gates` the gate questions among it, each
    with the answer chosen (empty: none). `words` are the owner's own words for the industry, where those were asked.
    """

    every: tuple[str, ...]
    asked: tuple[str, ...]
    typed: Mapping[str, str]
    told: Mapping[str, Scalar]
    stated: Mapping[str, Plain]
    bands: Mapping[str, BandTold]
    unsure: frozenset[str]
    faults: Mapping[str, tuple[Text, ...]]
    words: str
    gates: Mapping[str, str]

    @property
    def is_choosing(self) -> bool:
        """Whether an industry was described but not picked yet, nor left out."""
        is_open = industry.FACT in self.asked and industry.FACT not in self.unsure
        return is_open and bool(self.words) and not self.typed.get(industry.FACT)

    def added_to(self, catalogue: Catalogue, answers: Answers, at: int, blank: Blank) -> Answers:
        """The answers with these, told `at`. `blank` says what a question left blank means: 不清楚, no, or nothing.

        "No" is never said for a consent, for what most firms have (see `is_never_denied`), nor for what is forbidden or shameful; left
        blank these stay open. A consent that was passed over is 不清楚, so that the next screen does not ask for it again; the page of
        answers changes it.
        """
        for gate, chosen in self.gates.items():
            is_declared = catalogue.rulebook.gates[gate].is_declaration
            told = GATE_ANSWERS.get(chosen) or _BLANK_GATE.get("left" if is_declared and blank == "no" else blank)
            if told is not None:
                answers = answers.with_gate(catalogue.rulebook.gates[gate], told, at)
        for fact in self.asked:
            if fact in self.unsure:
                answers = answers.with_unsure(fact, at)
            elif fact in self.stated:
                answers = answers.with_answer(fact, self.stated[fact], at)
            elif fact in self.bands:
                answers = answers.with_band(fact, self.bands[fact], at)
            elif blank == "no" and is_never_denied(catalogue.rulebook, catalogue.fact(fact)):
                answers = answers.with_unsure(fact, at)
            elif blank == "no" and fact in catalogue.rulebook.likely.declarations:
                continue
            elif blank == "no" and catalogue.fact(fact).type == "boolean":
                answers = answers.with_answer(fact, False, at)
            elif blank in ("unsure", "no"):
                answers = answers.with_unsure(fact, at)
        return answers


def is_never_denied(rulebook: Rulebook, fact: Fact) -> bool:
    """Whether no button says no to it along with others: a consent, or what most firms would say yes to."""
    return fact.consent or fact.id in rulebook.likely.affirmed


def known(catalogue: Catalogue, facts: list[str]) -> tuple[str, ...]:
    """Those of the facts that a firm is asked, each once."""
    firms = set(catalogue.asked(()))
    return tuple(dict.fromkeys(fact for fact in facts if fact in firms))


def askable(catalogue: Catalogue, names: list[str]) -> tuple[str, ...]:
    """Those of the names that are gate questions or facts that a firm is asked, each once."""
    firms = set(catalogue.asked(()))
    return tuple(dict.fromkeys(name for name in names if name in firms or name in catalogue.rulebook.gates))


def gate_field(gate: str) -> str:
    """The name of a gate's field."""
    return gate.replace(":", "_")


# More staff than any firm has, and more money than any firm moves, in fen: nobody means it.
_MOST_PERSONS, _MOST_FEN = 2_000_000, 10**15

# So many times the usual figure of such a firm is asked about once more.
_FAR_OUT = 20

SURE = "sure"


def _absurd(catalogue: Catalogue, fact: str, value: object, known: Mapping[str, Scalar]) -> Text | None:
    """Why a figure cannot be meant by this firm; None where it may be."""
    kind = catalogue.fact(fact)
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        return None
    most = _MOST_PERSONS if kind.unit == "persons" else _MOST_FEN if kind.type == "money" else None
    if most is not None and value > most:
        return sentences.filled("这个数太大了，没有企业有这么多；请看看是不是多打了几位")
    others = {name: one for name, one in known.items() if name != fact}
    if not {"employees", "annual_revenue"} & others.keys():
        return None
    usual = catalogue.rulebook.typical.spans(others, {}).get(fact)
    if usual is None or value <= _FAR_OUT * usual[1]:
        return None
    return sentences.filled("比同样大小的企业多出几十倍；数没错就再点一次“下一步”，错了请改")


def read(catalogue: Catalogue, form: MultiDict[str, str], before: Mapping[str, Scalar] | None = None) -> Posted:
    """Read a posted screen. Never raises for what was typed; facts that a firm is not asked are left out. ``before``: what the firm told
    earlier, by which a figure far out of the way is asked back once."""
    every = askable(catalogue, form.getlist(ASKED))
    asked = known(catalogue, list(every))
    sent = MultiDict((key, text) for key, text in form.items(multi=True) if text != UNSURE)
    said = entries.shown(form.get(industry.WORDS, ""))
    if said and not sent.get(field_name(industry.FACT)) and isinstance(read_industry(said), str):
        sent[field_name(industry.FACT)] = said
    typed = {fact: sent.get(field_name(fact), "") for fact in asked}
    intake = take_in(catalogue, form_class(catalogue, asked)(sent), asked)
    unsure = {fact for fact in asked if form.get(field_name(fact)) == UNSURE} | (
        set(form.getlist("unsure")) & set(asked)
    )
    faults = {f: found for f in asked if f not in unsure and (found := intake.faults_of(field_name(f)))}
    if industry.FACT in asked and not typed[industry.FACT] and len(said) > entries.LONGEST_ENTRY:
        faults[industry.FACT] = (sentences.filled("太长了，最多200个字"),)
    for fact, value in intake.facts.items():
        back = None if fact in unsure else _absurd(catalogue, fact, value, {**(before or {}), **intake.facts})
        if back is not None and f"{fact}={typed.get(fact)}" not in form.getlist(SURE):
            faults[fact] = (*faults.get(fact, ()), back)
    offered = {
        fact: answers.read_band(catalogue.rulebook, catalogue.fact(fact), form.get(_BAND + fact, "")) for fact in asked
    }
    return Posted(
        every=every,
        asked=asked,
        typed=typed,
        told=intake.facts,
        stated=intake.stated,
        bands={fact: band for fact, band in offered.items() if band is not None},
        unsure=frozenset(unsure),
        faults=faults,
        words=said,
        gates={gate: form.get(gate_field(gate), "") for gate in every if gate in catalogue.rulebook.gates},
    )
