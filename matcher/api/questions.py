"""What to ask a firm next, as JSON: for programs over the network and for assistants alike. No Flask in here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.engine.ask import Ask, Told, survey
from matcher.firms import Fault, shown
from matcher.rulebook import Rulebook, Text
from matcher.text import today


def next_question_response(
    rulebook: Rulebook, facts: Mapping[str, Any], beside: Mapping[str, Any], as_of: Any, schemes: Any
) -> dict[str, Any]:
    """The answer of `next_question` for facts that were read; ``beside``: ``unsure`` and ``gates`` as `read_beside` gives them."""
    day = as_of or today()
    told = Told(facts=facts, unsure=frozenset(beside.get("unsure", ())))
    for name, said in beside.get("gates", {}).items():
        gate = rulebook.gates[name]
        told = told.with_no(gate) if said == "no" else told.passed(gate)
    now = survey(rulebook, told, day, schemes)
    screen = now.screen
    return {
        "rulebook": rulebook.hash,
        "as_of": day.isoformat(),
        "screen": screen
        and {
            "kind": screen.kind,
            "group": screen.group,
            "refines": screen.refines,
            "questions": [_question(rulebook, ask) for ask in screen.asks],
        },
        "offers_to_stop": now.offers_to_stop,
        "settled": list(now.settled),
        "in_force": list(now.in_force),
        "statuses": {one.scheme: one.status for one in now.decisions},
        "estimate": now.estimate.to_json(),
    }


def read_beside(rulebook: Rulebook, data: object) -> tuple[dict[str, Any], list[Fault]]:
    """What stands beside a profile here: `unsure`, a list of facts and gates, and `gates`, an object of yes and no."""
    raw: Mapping[str, Any] = data if isinstance(data, dict) else {}
    faults: list[Fault] = []
    unsure, gates = raw.get("unsure") or [], raw.get("gates") or {}
    if not isinstance(unsure, list) or len(unsure) > len(rulebook.facts) + len(rulebook.gates):
        text = Text(zh="unsure 应是事实或关口编号的列表", en="unsure must be a list of ids of facts or gates")
        faults.append(Fault("unsure", None, shown(unsure), text, ("unsure",)))
        unsure = []
    for index, name in enumerate(unsure):
        if not isinstance(name, str) or (name not in rulebook.facts and name not in rulebook.gates):
            text = Text(zh=f"没有名为 {shown(name)} 的事实或关口", en=f"there is no fact or gate named {shown(name)}")
            faults.append(Fault("unsure", None, shown(name), text, ("unsure", index)))
    if not isinstance(gates, dict):
        text = Text(zh="gates 应是一组“关口: yes 或 no”", en="gates must be an object of gates with yes or no")
        faults.append(Fault("gates", None, shown(gates), text, ("gates",)))
        gates = {}
    for name, said in gates.items():
        if name not in rulebook.gates or said not in ("yes", "no"):
            text = Text(zh=f"没有关口 {shown(name)}，或回答不是 yes、no", en=f"no gate {shown(name)}, or not yes or no")
            faults.append(Fault("gates", None, shown(said), text, ("gates", str(name))))
    return {"unsure": unsure, "gates": gates}, faults


def _question(rulebook: Rulebook, ask: Ask) -> dict[str, Any]:
    gate = rulebook.gates.get(ask.fact)
    if gate is not None:
        words = {"label": gate.question.to_json(), "help": gate.help.to_json() if gate.help else None}
        return {"id": ask.fact, "form": "gate", **words, "unit": None, "values": None, "waiting": list(ask.waiting)}
    fact = rulebook.facts[ask.fact]
    return {
        "id": ask.fact,
        "form": "figure" if ask.form == "bands" else ask.form,
        "label": (fact.question or fact.label).to_json(),
        "help": fact.help.to_json() if fact.help else None,
        "unit": fact.unit,
        "values": {value: label.to_json() for value, label in fact.values.items()} or None,
        "waiting": list(ask.waiting),
    }
