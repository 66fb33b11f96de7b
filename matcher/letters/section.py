"""Writes the section of a letter that one decision gets: the conclusion, the amount, and the statements under it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from matcher.letters import grounds, money
from matcher.letters.formulas import in_words
from matcher.letters.letter import Row, Section
from matcher.letters.values import capitalise, write_output
from matcher.letters.words import OUTPUTS
from matcher.letters.writer import Writer

WORDED_BY_RECIPIENT = ("institution", "worker", "area")
FOR_THE_DEPARTMENT = ("eligible", "needs_decision", "needs_information", "applies", "unconfirmed")


def write_section(writer: Writer, number: str) -> Section:
    """The whole section; `number` stands before its heading where the letter has several."""
    return Section(
        scheme=writer.scheme.slug,
        status=writer.status,
        heading=number + capitalise(writer.name),
        conclusion=_conclusion(writer),
        amount=money.amount(writer),
        paid=money.paid(writer),
        rows=_rows(writer),
    )


def _conclusion(writer: Writer) -> str:
    """One sentence: what was decided, worded by who is paid and who decides."""
    return writer.say(
        _phrase(writer),
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


def _rows(writer: Writer) -> tuple[Row, ...]:
    """The labelled statements, in the order a reader needs them; those with nothing to say are left out."""
    said = ((key, write(writer)) for key, write in STATEMENTS.items())
    return tuple(Row(key, writer.say(f"label.{key}"), tuple(map(capitalise, texts))) for key, texts in said if texts)


def _arithmetic(writer: Writer) -> list[str]:
    """How the amount was reached: the formula in words, then with the firm's figures."""
    lines = [in_words(writer.text(line), writer.lang) for line in writer.decision.get("arithmetic") or ()]
    return [writer.join(lines)] if lines else []


def _outputs(writer: Writer) -> list[str]:
    """Further figures the rule gives: rates, dates, tax that remains."""
    given = {name: value for name, value in (writer.decision.get("extra") or {}).items() if name in OUTPUTS}
    said = []
    for name, value in given.items():
        kind, zh, en = OUTPUTS[name]
        label = en if writer.lang == "en" else zh
        said.append(writer.say("told", label=label, value=write_output(kind, value, writer.lang)))
    return [writer.join(said)] if said else []


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
    if channel.startswith(writer.department):  # it need not be named twice
        return [channel]
    return [writer.join(filter(None, (writer.department, channel)))]


def _until(writer: Writer) -> list[str]:
    """From when until when the version of the rule that was applied is in force."""
    version = writer.decision.get("version") or {}
    start, end = (date.fromisoformat(version[side]) if version.get(side) else None for side in ("from", "until"))
    words = {side: writer.day(day) for side, day in (("start", start), ("end", end)) if day}
    reason = writer.decision.get("reason")
    if reason == "not_yet":
        return _opens(writer)
    if reason in ("ended", "no_open_round") and start and not end:
        return [writer.say(f"until.{reason}", **words)]
    if not words:
        return []
    return [writer.say("until.both" if len(words) == 2 else "until.open" if start else "until.end", **words)]


def _opens(writer: Writer) -> list[str]:
    """The first day of a scheme not yet in force."""
    days = [version.from_ for version in writer.scheme.versions if version.from_ and version.from_ > writer.as_of]
    return [writer.say("until.not_yet", start=writer.day(min(days)))] if days else []


def _marks(writer: Writer) -> list[str]:
    """What is not confirmed: a source less than certain, and every warning on the decision."""
    warned = [writer.text(warning["text"]) for warning in writer.decision.get("warnings") or ()]
    if warned:
        return [(" " if writer.lang == "en" else "").join(warned)]
    doubtful = writer.status != "unconfirmed" and writer.decision.get("confidence") not in (None, "high")
    return [writer.say("marks.confidence")] if doubtful else []


STATEMENTS: dict[str, Callable[[Writer], list[str]]] = {
    "failing": grounds.failing,
    "missing": grounds.missing,
    "near_miss": grounds.near_miss,
    "arithmetic": _arithmetic,
    "outputs": _outputs,
    "facts": grounds.facts,
    "ground": grounds.law,
    "bring": _bring,
    "where": _where,
    "until": _until,
    "marks": _marks,
}
