"""`matcher interview`: plays the interview with a firm's file as its answers, and says what each screen settled."""

from __future__ import annotations

import datetime
import io
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from matcher.engine.ask import Played, Survey, play, play_in_order
from matcher.firms import (
    Document,
    Profile,
    Unreadable,
    errors_response,
    is_lines,
    open_document,
    open_envelope,
    open_profiles,
    read_facts,
    several_unread,
)
from matcher.rulebook import Rulebook
from matcher.text import sentences, today

from .options import (
    BAD_INPUT,
    Asked,
    ManySchemes,
    decision_options,
    json_line,
    load_rulebook,
    read_asked,
)
from .report import faults_text

_LINES = (".jsonl", ".ndjson")

_EARLY, _MOST = 12, 0.8


@click.command(cls=ManySchemes)
@click.argument("file", metavar="FILE|-")
@click.option(
    "--order",
    type=click.Choice(["best", "vocabulary", "random"]),
    default="best",
    show_default=True,
    help="Ask what settles most, or every fact in the vocabulary's order or a random one / 提问的次序",
)
@decision_options
def interview(file: str, order: str, as_of: str | None, schemes: tuple[str, ...], lang: str, as_json: bool) -> None:
    """Interview the firm in FILE, or each of several (a list, or .jsonl); what its file lacks it answers with 不清楚.

    With --json one line for each firm: what was asked and settled, and where it stood after each screen (track: answers, screens, schemes
    settled, the estimate and the three numbers in yuan a year, whether going on was any use), and with everything told (final). A list
    to tick is one answer. Exit status: 0 played, 2 bad input, every fault listed.

    用企业资料作答，走一遍问答，看每一屏问了什么、定了哪些政策。
    """
    rulebook = load_rulebook()
    asked, status = read_asked(rulebook, as_of, schemes), 0
    for profile in _profiles(rulebook, file):
        faults = (*asked.faults, *profile.faults)
        if not faults:
            played = _played(rulebook, profile, asked, order)
            click.echo(
                json_line(_json(rulebook, profile, played)) if as_json else _text(rulebook, profile, played, lang)
            )
            continue
        status = BAD_INPUT
        click.echo(
            json_line(errors_response(profile.id, faults)) if as_json else faults_text(profile.id, faults, lang),
            err=not as_json,
        )
    raise SystemExit(status)


def _profiles(rulebook: Rulebook, file: str) -> Iterator[Profile]:
    """The firms of a file: one, a list of them, or one a line."""
    stdin, stem = (
        io.BytesIO(sys.stdin.buffer.read() if file == "-" else b""),
        "stdin" if file == "-" else Path(file).stem,
    )
    if file.lower().endswith(_LINES) or is_lines(stdin.getvalue()):
        yield from open_profiles(rulebook, file, stdin).profiles
        return
    try:
        document = open_document(file, stdin)
    except Unreadable as error:
        yield Profile(stem, None, None, {}, error.faults)
        return
    if not isinstance(document.data, list):
        yield _profile(rulebook, document, stem)
        return
    for index, content in enumerate(document.data):
        faults = document.faults if index == 0 else ()
        own = Document(content, lambda path, index=index: document.find_line((index, *path)), faults)  # type: ignore[misc]
        yield _profile(rulebook, own, f"{stem}-{index + 1}")


def _profile(rulebook: Rulebook, document: Document, stem: str) -> Profile:
    envelope = open_envelope(rulebook, document)
    facts, faults = read_facts(rulebook, envelope.facts, envelope.fact_line)
    every = (*document.faults, *envelope.faults, *faults, *several_unread(envelope.items, envelope.line_of(("items",))))
    return Profile(envelope.id or stem, envelope.as_of, envelope.schemes, facts, every)


def _played(rulebook: Rulebook, profile: Profile, asked: Asked, order: str) -> Played:
    day: datetime.date = asked.as_of or profile.as_of or today()
    schemes = asked.schemes or profile.schemes
    if order == "best":
        return play(rulebook, profile.facts, day, schemes)
    every = [name for name, fact in rulebook.facts.items() if fact.stated_by == "firm"]
    if order == "random":
        random.Random(profile.id).shuffle(every)  # the same firm is always asked in the same order
    return play_in_order(rulebook, profile.facts, day, every, schemes)


def _json(rulebook: Rulebook, profile: Profile, played: Played) -> dict[str, Any]:
    in_force = played.in_force
    return {
        "id": profile.id,
        "screens": len(played.turns),
        "answers": played.answers,
        "in_force": in_force,
        "settled": played.settled,
        "at": {
            f"{_EARLY}_answers": round(played.settled_after(_EARLY) / in_force, 4) if in_force else None,
            "80_percent": played.screens_until(_MOST),
            "all": played.needed,
        },
        "questions": list(played.questions),
        "denied": _denied(rulebook, played),
        "track": list(_track(played)),
        "final": None if played.whole is None else _point(played.whole, played.answers, len(played.turns), is_end=True),
    }


def _track(played: Played) -> Iterator[dict[str, Any]]:
    """Where the firm stands after each screen: what is settled, what it may come to in a year, whether going on is any use."""
    answers = 0
    for screens, turn in enumerate(played.turns, start=1):
        answers += turn.answers
        if turn.after is not None:
            yield _point(turn.after, answers, screens)


def _point(now: Survey, answers: int, screens: int, *, is_end: bool = False) -> dict[str, Any]:
    found = now.estimate.as_told() if is_end else now.estimate
    place = {"answers": answers, "screens": screens, "settled": len(now.settled)}
    return {**place, **found.to_json(), "offers_to_stop": is_end or now.offers_to_stop}


def _denied(rulebook: Rulebook, played: Played) -> dict[str, list[str]]:
    """The gates answered "no", each with the facts that this told."""
    asked = set(played.questions)
    gates = [rulebook.gates[name] for name in played.questions if name in rulebook.gates]
    told = played.told.facts.keys() - asked
    return {gate.id: [name for name in gate.none if name in told] for gate in gates if gate.id not in played.told.gates}


def _text(rulebook: Rulebook, profile: Profile, played: Played, lang: str) -> str:
    zh, schemes, gap = lang == "zh", rulebook.schemes, "、" if lang == "zh" else "; "
    begin = sentences.say("开始前已定{first}项", lang, first=played.first)
    of = sentences.say("共{in_force}项在施行", lang, in_force=played.in_force)
    lines = [f"{profile.id}  {begin}，{of}" if zh else f"{profile.id}  {begin}, {of}"]
    for number, turn in enumerate(played.turns, start=1):
        lines.append(f"{number:3d}. {gap.join(_asked(rulebook, name, lang) for name in turn.questions)}")
        now = f"已定 {turn.settled_after[-1]} 项" if zh else f"{turn.settled_after[-1]} settled"
        new = gap.join(schemes[slug].name.get(lang) for slug in turn.settles)
        lines.append(f"     → {now}" + (f"{sentences.say('，新定：', lang)}{new}" if new else ""))
    answers, settled = played.answers, played.settled
    end = sentences.say(
        "{number}屏、{answers}答，定了{settled}项；第{needed}答之后不再有新定的",
        lang,
        number=len(played.turns),
        answers=answers,
        settled=settled,
        needed=played.needed,
    )
    return "\n".join([*lines, end])


def _asked(rulebook: Rulebook, name: str, lang: str) -> str:
    gate = rulebook.gates.get(name)
    return (gate.question if gate else rulebook.facts[name].label).get(lang)
