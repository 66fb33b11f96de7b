"""A case's settings as its form has them: state, who works on it, the schemes asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from matcher.store.desk import Case, CaseState
from matcher.web.catalogue import catalogue
from matcher.web.desk.cases.posted import MINE, PICK, THEIRS
from matcher.web.forms import SCHEMES

STATES: tuple[CaseState, ...] = ("open", "waiting", "decided", "closed")
SETTINGS = ("state", "assignee", "schemes")
TICKS = "ticks"


@dataclass(frozen=True)
class Settled:
    """The settings after both clerks' changes, and those that both changed differently."""

    settings: Mapping[str, str]
    clashes: tuple[str, ...]
    mine: Mapping[str, str]


def settings_of(case: Case) -> Mapping[str, str]:
    """A case's settings as its form has them."""
    return {
        "state": case.state,
        "assignee": "" if case.assignee_id is None else str(case.assignee_id),
        "schemes": ",".join(case.schemes or ()),
    }


def settle(case: Case, sent: MultiDict[str, str]) -> Settled:
    """Join the settings of a form with those the case has now."""
    has, mine = settings_of(case), dict(sent_settings(case, sent))
    found, clashes = dict(has), []
    for name in SETTINGS:
        was, picked = sent.get(f"was_{name}", has[name]), sent.get(PICK + name)
        if mine[name] in (was, has[name]) or picked == THEIRS:
            continue
        if picked == MINE or (has[name] == was and name not in sent.getlist("clash")):
            found[name] = mine[name]
        else:
            clashes.append(name)
    return Settled(found, tuple(clashes), mine)


def sent_settings(case: Case, sent: MultiDict[str, str]) -> Mapping[str, str]:
    """The settings as a form has them; what it does not show, or what nobody can choose, as it was shown."""
    has = settings_of(case)
    found = {name: sent.get(name, sent.get(f"was_{name}", has[name])) for name in SETTINGS}
    chosen = sent.getlist(SCHEMES) if TICKS in sent else found["schemes"].split(",")
    found["schemes"] = ",".join(catalogue().chosen(chosen))
    if found["state"] not in STATES:
        found["state"] = has["state"]
    return found
