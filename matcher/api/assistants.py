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

Json = dict[str, Any]


def assistant_server(rulebook: Rulebook) -> MCPServer:
    """The server with its tools, on these rules; it keeps nothing of what it is told."""
    server = MCPServer("eligibility-matcher", instructions=_INSTRUCTIONS, version=__version__)

    @server.tool(annotations=_READS)
    def catalogue(as_of: str | None = None, query: str | None = None) -> Json:
        """The schemes as of a day (YYYY-MM-DD, today without it): all of them, or those that plain words of either language mean."""
        return _catalogue(rulebook, _day(as_of), query)

    @server.tool(annotations=_READS)
    def check(facts: Json, as_of: str | None = None, schemes: list[str] | None = None) -> Json:
        """Decide every scheme (or those named by id) for a firm's facts: status, sum, what is missing, and the best set together.

        Facts are named as in next_question; money in yuan as text such as "38642.57".
        """
        profile = _profile(rulebook, facts, as_of, schemes)
        return check_response(rulebook, profile, profile.as_of or today(), profile.schemes, in_full=False)

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
        found.append(
            {
                "scheme": slug,
                "name": scheme.name.to_json(),
                "summary": scheme.summary.to_json(),
                "department": scheme.department.to_json(),
                "state": state,
                "until": version.until.isoformat() if version and version.until else None,
                "instrument": version.instrument if version else None,
            }
        )
    return {"rulebook": rulebook.hash, "as_of": day.isoformat(), "schemes": found}


def _profile(rulebook: Rulebook, facts: Json, as_of: str | None, schemes: Sequence[str] | None) -> Profile:
    told: Mapping[str, Any] = {"as_of": as_of, "schemes": list(schemes) if schemes else None, "facts": facts}
    # Through JSON text, so that figures are read as they are anywhere else.
    profile = read_profile(rulebook, read_json(json.dumps(told, ensure_ascii=False)), "firm", strict=True)
    _refuse(profile.faults)
    return profile


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise ToolError("; ".join(f"{one.pointer or one.field}: {one.text.zh} / {one.text.en}" for one in faults))


def _day(told: str | None) -> date:
    day = today() if told is None else read_date(told)
    if isinstance(day, Text):
        raise ToolError(f"as_of: {day.zh} / {day.en}")
    return day
