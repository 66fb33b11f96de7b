"""Writes the section of a letter that one decision gets: the conclusion, the amount and who is paid."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Literal

from matcher.engine import contacts, district_of, said_days
from matcher.rulebook.language import YUAN
from matcher.text import (
    AMOUNT,
    RECIPIENT,
    bare_sum,
    capital,
    capitalise,
    fen_of,
    output_text,
    outputs_text,
    punctuation,
    set_tight,
    sum_in_yuan,
)

from . import grounds
from .letter import Amount, Row, Section
from .summary import is_doubtful
from .words import PHRASES
from .writer import Writer

if TYPE_CHECKING:
    from matcher.rulebook import Given, Scheme, SchemeEdition


# ---------------------------------------------------------------------------------------------------------------------
# Fills in a scheme's own words on who gets the money and what the firm can do, with the figures a decision gives.
# ---------------------------------------------------------------------------------------------------------------------


SAID_WITH = ("eligible", "needs_decision", "applies")

_PLACE = re.compile(r"\{(\w+)\}")

_SENTENCE = re.compile(r"[^。；.;]*(?:\.\d[^。；.;]*)*[。；.;]?\s*")


def own_words(edition: SchemeEdition, status: str, extra: Mapping[str, object], lang: str) -> str:
    """The scheme's own sentences in `lang`, empty where it has none or the status promises nothing.

    A sentence with a figure that the decision does not give is left out.
    """
    scheme, outputs = edition.scheme, edition.outputs()
    if scheme.say is None or status not in SAID_WITH:
        return ""
    sentences = _SENTENCE.findall(scheme.say.get(lang))
    kept = "".join(sentence for sentence in sentences if set(_PLACE.findall(sentence)) <= set(extra))
    filled = _PLACE.sub(lambda found: _figure(outputs.get(found[1]), extra[found[1]], lang), kept).strip(" ；;")
    return _ended(capitalise(set_tight(filled, lang)), lang)


def words_are_whole(scheme: Scheme, recipient: str) -> bool:
    """Whether the scheme's own words already say who is paid, so that the general sentence would only repeat them.

    They do not where the money goes to the firm, nor where the decision pays somebody else than the scheme usually does.
    """
    return scheme.recipient == recipient != "firm_cash"


def _figure(given: Given | None, value: object, lang: str) -> str:
    """The figure as its sentence needs it: the unit of a sum stands in the sentence itself."""
    if given is None:
        return str(value)
    if given.expr.type.unit == YUAN:
        return bare_sum(fen_of(str(value)), cents=True)
    return output_text(value, given.expr.type, given.words, lang)


def _ended(text: str, lang: str) -> str:
    if not text or text[-1] in "。.":
        return text
    return text + punctuation(lang).stop


# ---------------------------------------------------------------------------------------------------------------------
# Writes the functions of a worked-out sum in words: a letter has no 取大(…) in it.
# ---------------------------------------------------------------------------------------------------------------------


# The engine's word, its words in a letter, by language.
_WORDS = {
    "zh": {"取大": "取较大者", "取小": "取较小者"},
    "en": {"max": "the larger of ", "min": "the smaller of "},
}

_CALL = re.compile(r"(取大|取小|(?<![A-Za-z])max|(?<![A-Za-z])min)\(")


def in_words(line: str, lang: str) -> str:
    """A line of arithmetic with its functions in words, and in Chinese with the brackets of Chinese text around them."""
    found = _CALL.search(line)
    if found is None or found[1] not in _WORDS[lang]:
        return line
    end = _closing(line, found.end())
    inside, rest = in_words(line[found.end() : end], lang), in_words(line[end + 1 :], lang)
    opened, closed = "()" if lang == "en" else "（）"
    return line[: found.start()] + _WORDS[lang][found[1]] + opened + inside + closed + rest


def _closing(line: str, start: int) -> int:
    """Where the bracket closes that was opened before `start`; the end of the line where it never does."""
    depth = 1
    for at in range(start, len(line)):
        depth += (line[at] == "(") - (line[at] == ")")
        if not depth:
            return at
    return len(line)


# ---------------------------------------------------------------------------------------------------------------------
# Words the amount of a decision and who is paid; a firm is never promised what goes to somebody else.
# ---------------------------------------------------------------------------------------------------------------------


GRANTED = ("eligible", "needs_decision", "applies")

PARTS: tuple[Literal["value", "low", "high"], ...] = ("value", "low", "high")


def amount(writer: Writer) -> Amount | None:
    """The sum in figures and capital numerals; None where the status has no amount."""
    told = writer.decision.get("amount")
    if not told or writer.status not in GRANTED:
        return None
    means = writer.scheme.amount_means.get(writer.lang).rstrip("。.")  # what follows it goes on with the sum
    sums = {part: fen_of(told[part]) for part in PARTS if part in told}
    if not sums:
        return Amount("none", means, "", "", _no_figure(writer))
    written = {
        "high" if part == "value" else part: sum_in_yuan(fen, writer.lang, cents=True) for part, fen in sums.items()
    }
    figures = AMOUNT[told["kind"]].letter.get(writer.lang).format(**written)
    capitals = "至".join(capital(fen) for fen in sums.values())
    key = "amount.to_confirm" if is_doubtful(writer.decision) else "amount.sentence"
    sentence = writer.say(key, means=means, figures=figures, capitals=capitals)
    return Amount(told["kind"], means, figures, capitals, _conditional(writer, sentence))


def _conditional(writer: Writer, sentence: str) -> str:
    """While a department has not decided, the sum is not promised."""
    if writer.status == "needs_decision":
        return writer.say("amount.if_granted", sentence=sentence)
    return capitalise(sentence)


def _no_figure(writer: Writer) -> str:
    """No money in it and no figure for it are two things: only the second leaves the firm waiting for a sum."""
    bare = writer.recipient == "firm_right" or writer.scheme.kind != "support"
    return "" if bare else writer.say("amount.none")


def paid(writer: Writer) -> str:
    """Who is paid, and what the scheme's own words add; for a restriction only those; empty where nothing is granted."""
    own = own_words(writer.edition, writer.status, writer.decision.get("extra") or {}, writer.lang)
    nothing = writer.decision.get("amount") is None or writer.scheme.kind == "restriction"
    if nothing or (own and words_are_whole(writer.scheme, writer.recipient)):
        return own
    is_service = writer.scheme.kind == "service"
    general = writer.say("paid.service") if is_service else RECIPIENT[writer.recipient].letter.get(writer.lang)
    return punctuation(writer.lang).blank.join(filter(None, (general, own)))


# ---------------------------------------------------------------------------------------------------------------------
# Writes the section of a letter that one decision gets: the conclusion, the amount, and the statements under it.
# ---------------------------------------------------------------------------------------------------------------------


WORDED_BY_RECIPIENT = ("institution", "worker", "area")

FOR_THE_DEPARTMENT = ("eligible", "needs_decision", "needs_information", "applies", "unconfirmed")


def write_section(writer: Writer, number: str) -> Section:
    """The whole section; `number` stands before its heading where the letter has several."""
    return Section(
        scheme=writer.scheme.slug,
        status=writer.status,
        heading=number + capitalise(writer.name),
        conclusion=_conclusion(writer),
        amount=amount(writer),
        paid=paid(writer),
        rows=tuple(statements(writer).values()),
    )


def _conclusion(writer: Writer) -> str:
    """One sentence: what was decided, worded by who is paid and who decides."""
    phrase = _phrase(writer)
    return writer.say(
        f"{phrase}.past" if writer.past and f"{phrase}.past" in PHRASES else phrase,
        name=writer.name,
        as_of=writer.day(writer.as_of),
        department=writer.decider,
        count=str(len(writer.decision.get("missing") or ())),
    )


def _phrase(writer: Writer) -> str:
    if writer.status == "not_open":
        return f"not_open.{writer.decision.get('reason') or 'not_yet'}"
    if writer.status != "eligible":
        return writer.status
    if writer.scheme.kind == "service":
        return "eligible.service"
    return f"eligible.{writer.recipient}" if writer.recipient in WORDED_BY_RECIPIENT else "eligible"


def statements(writer: Writer) -> dict[str, Row]:
    """The labelled statements by their keys, in the order a reader needs them; those with nothing to say are left out."""
    said = ((key, write(writer)) for key, write in STATEMENTS.items())
    return {key: Row(key, writer.say(f"label.{key}"), tuple(map(capitalise, texts))) for key, texts in said if texts}


def _arithmetic(writer: Writer) -> list[str]:
    """How the amount was reached: the formula in words, then with the firm's figures."""
    lines = [in_words(writer.text(line), writer.lang) for line in writer.decision.get("arithmetic") or ()]
    return [writer.join(lines)] if lines else []


def _outputs(writer: Writer) -> list[str]:
    """Further figures the rule gives: rates, dates, tax that remains."""
    given = outputs_text(writer.edition, writer.decision.get("extra") or {}, writer.lang, cents=True)
    return [writer.join(writer.say("told", label=label, value=value) for label, value in given)] if given else []


def _last_terms(writer: Writer) -> list[str]:
    """Of a scheme that is not confirmed: what its last terms would have given, and the notice that is awaited."""
    known = writer.decision.get("last_known")
    if not known:
        return []
    awaits = [writer.say("awaits", notice=writer.text(known["awaits"]))] if known["awaits"] else []
    return [punctuation(writer.lang).blank.join([writer.text(known["text"]), *awaits])]


def _bring(writer: Writer) -> list[str]:
    """The papers to bring."""
    if writer.status not in ("eligible", "needs_decision") or not writer.scheme.evidence:
        return []
    return [writer.join(paper.get(writer.lang) for paper in writer.scheme.evidence)]


def _where(writer: Writer) -> list[str]:
    """The department and how to reach it, where there is still something to do or to ask."""
    if writer.status not in FOR_THE_DEPARTMENT and writer.decision.get("reason") != "no_open_round":
        return []
    channel = writer.text(writer.scheme.channel.get(writer.lang)) if writer.scheme.channel else ""
    asked = contacts(writer.rulebook, writer.scheme, district_of(writer.facts))
    office = writer.text(asked[0].get(writer.lang)) if len(asked) == 1 else ""  # several are named without numbers
    if channel.startswith(writer.department):  # it need not be named twice
        return [writer.join(filter(None, (channel, office)))]
    return [writer.join(filter(None, (office or writer.department, channel)))]


def _until(writer: Writer) -> list[str]:
    """From when until when the version of the rule that was applied is in force; of what is not confirmed nothing was."""
    if writer.status == "unconfirmed":
        return []
    version = writer.decision["version"]
    sides = (version["from"], version["until"]) if version else ()
    start, end = (date.fromisoformat(side) if side else None for side in sides or (None, None))
    days = _days_to_keep(writer)
    words = {side: writer.day(day) for side, day in (("start", start), ("end", end)) if day}
    reason = writer.decision.get("reason")
    if reason == "not_yet":
        return _opens(writer)
    if reason in ("ended", "no_open_round") and start and not end:
        return [writer.say(f"until.{reason}", **words)]
    if not words:
        return days
    return [writer.say("until.both" if len(words) == 2 else "until.open" if start else "until.end", **words), *days]


def _days_to_keep(writer: Writer) -> list[str]:
    """The days to keep, while there is something to do."""
    if writer.status not in ("eligible", "needs_decision", "needs_information"):
        return []
    return list(said_days(writer.decision["deadlines"], writer.as_of, writer.lang, counted=False))


def _opens(writer: Writer) -> list[str]:
    """The first day of a scheme not yet in force."""
    days = [version.from_ for version in writer.scheme.versions if version.from_ and version.from_ > writer.as_of]
    return [writer.say("until.not_yet", start=writer.day(min(days)))] if days else []


def _marks(writer: Writer) -> list[str]:
    """What is not confirmed: a source less than certain, and every warning on the decision."""
    warned = [writer.text(warning["text"]) for warning in writer.decision.get("warnings") or ()]
    if warned:
        return [punctuation(writer.lang).blank.join(warned)]
    doubtful = writer.status != "unconfirmed" and writer.decision.get("confidence") not in (None, "high")
    return [writer.say("marks.confidence")] if doubtful else []


STATEMENTS: dict[str, Callable[[Writer], list[str]]] = {
    "failing": grounds.failing,
    "missing": grounds.missing,
    "near_miss": grounds.near_miss,
    "last_terms": _last_terms,
    "arithmetic": _arithmetic,
    "outputs": _outputs,
    "facts": grounds.facts,
    "ground": grounds.law,
    "bring": _bring,
    "where": _where,
    "until": _until,
    "marks": _marks,
}
