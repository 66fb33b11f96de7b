"""The tools that an assistant has over the Model Context Protocol: catalogue, check, explanation, next question.

Its answers are the engine's own, with the sentences of law behind them, so that an assistant need invent nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from matcher import __version__
from matcher.firms import Fault, Profile, check_response, read_date, read_json, read_profile
from matcher.rulebook import Rulebook, Text, version_on
from matcher.text import today

from .questions import next_question_response, read_beside

_INSTRUCTIONS = (
    "Which enterprise-support schemes of Tianjin a firm is entitled to. Ask next_question until offers_to_stop, one screen at a time, and "
    "let the person answer: what nobody told is unknown, never false. Quote sums and sentences of law as they stand in the answers. "
    "天津企业能享受哪些扶持政策：先问 next_question，再用 check；金额和条文照答复原样引用，没有填的就是不知道。"
)

_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)

# `explain` gives them.
_UNSAID = ("clauses", "confidence")

_USABLE = ("eligible", "needs_decision", "applies")

Json = dict[str, Any]


def assistant_server(rulebook: Rulebook) -> MCPServer:
    """The server with its tools, on these rules; it keeps nothing of what it is told."""
    server = MCPServer("eligibility-matcher", instructions=_INSTRUCTIONS, version=__version__)

    @server.tool(annotations=_READS)
    def catalogue(as_of: str | None = None, query: str | None = None) -> Json:
        """The schemes as of a day (YYYY-MM-DD, today without it): those that plain words of either language mean, or all by name alone."""
        return _catalogue(rulebook, _day(as_of), query)

    @server.tool(annotations=_READS)
    def check(facts: Json, as_of: str | None = None, schemes: list[str] | None = None) -> Json:
        """Decide every scheme (or those named by id) for a firm's facts: status, sum, and the best set together.

        Facts are named as in next_question; money in yuan as text such as "38642.57". Of all schemes, those that the firm is not or
        not yet entitled to stand in others by status and name; name them to see what each lacks, and the question for it.
        """
        profile = _profile(rulebook, facts, as_of, schemes)
        found = check_response(rulebook, profile, profile.as_of or today(), profile.schemes, in_full=False)
        return _briefly(rulebook, found, is_named=bool(schemes))

    @server.tool(annotations=_READS)
    def explain(facts: Json, scheme: str, as_of: str | None = None) -> Json:
        """Why a firm is or is not entitled to one scheme: each condition with its sentence of law, the arithmetic, what would change it."""
        profile = _profile(rulebook, facts, as_of, [scheme])
        return check_response(rulebook, profile, profile.as_of or today(), profile.schemes)

    @server.tool(annotations=_READS)
    def next_question(
        facts: Json,
        unsure: list[str] | None = None,
        gates: dict[str, str] | None = None,
        as_of: str | None = None,
    ) -> Json:
        """What to ask the firm next, what is settled by now, and what it may come to in a year.

        unsure: ids of questions that the firm cannot answer. gates: questions of form "gate" answered yes or no.
        """
        beside, faults = read_beside(rulebook, {"unsure": unsure or [], "gates": gates or {}})
        _refuse(faults)
        profile = _profile(rulebook, facts, as_of, None)
        return next_question_response(rulebook, profile.facts, beside, profile.as_of, None)

    return server


def _catalogue(rulebook: Rulebook, day: date, query: str | None) -> Json:
    from matcher.firms.search import find_schemes  # its dictionaries are for a search alone

    slugs = list(rulebook.schemes) if not query else [hit.slug for hit in find_schemes(rulebook, query, 10)]
    found = []
    for slug in slugs:
        scheme = rulebook.schemes[slug]
        version, state = version_on(scheme, day)
        one: Json = {"scheme": slug, "name": scheme.name.to_json()}
        if query:
            one |= {"summary": scheme.summary.to_json(), "department": scheme.department.to_json()}
        one |= {"state": state, "until": version.until.isoformat() if version and version.until else None}
        if query:
            one["instrument"] = version.instrument if version else None
        found.append(one)
    return {"rulebook": rulebook.hash, "as_of": day.isoformat(), "schemes": found}


def _briefly(rulebook: Rulebook, found: Json, *, is_named: bool) -> Json:
    """An answer that leaves an assistant room for the conversation: every scheme by its name, nothing that is empty.

    What the firm can use is told in full. The rest is told only of schemes that were asked for by id, with the questions for what is
    missing; of all schemes it would be longer than most assistants' memory.
    """
    told: list[Json] = []
    others: dict[str, dict[str, str]] = {}
    for decision in found["decisions"]:
        name = rulebook.schemes[decision["scheme"]].name
        if is_named or decision["status"] in _USABLE:
            kept = {key: value for key, value in decision.items() if key not in _UNSAID and value not in (None, [], {})}
            told.append({"scheme": decision["scheme"], "name": name.to_json(), **kept})
        else:
            others.setdefault(decision["status"], {})[decision["scheme"]] = f"{name.zh} / {name.en}"
    brief = {**found, "decisions": told}
    if not is_named:
        return {**brief, "others": others}
    facts = (rulebook.facts[fact] for one in told for fact in one.get("missing", ()))
    return {**brief, "questions": {fact.id: (fact.question or fact.label).to_json() for fact in facts}}


def _profile(rulebook: Rulebook, facts: Json, as_of: str | None, schemes: Sequence[str] | None) -> Profile:
    told: Mapping[str, Any] = {"as_of": as_of, "schemes": list(schemes) if schemes else None, "facts": facts}
    # Through JSON text, so that figures are read as they are anywhere else.
    profile = read_profile(rulebook, read_json(json.dumps(told, ensure_ascii=False)), "firm", strict=True)
    _refuse(profile.faults)
    return profile


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        told = [f"{one.pointer or one.field}: {one.text.zh} / {one.text.en}" for one in faults]
        if any((one.pointer or "").startswith("/schemes") for one in faults):
            told.append("政策编号用 catalogue 的 query 找 / find a scheme's id by catalogue with a query")
        raise ToolError("; ".join(told))


def _day(told: str | None) -> date:
    day = today() if told is None else read_date(told)
    if isinstance(day, Text):
        raise ToolError(f"as_of: {day.zh} / {day.en}")
    return day
