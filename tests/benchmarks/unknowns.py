"""What other engines answer to ``a <= 3 or b`` and its negation, where a or b may be absent or null."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

ABSENT = object()
A_VALUES = (ABSENT, None, 3, 4)
B_VALUES = (ABSENT, None, True, False)

Told = Mapping[str, Any]
Asked = Callable[[Told, bool], object]  # what is told, whether the negation is asked → the engine's own answer

_JSON_LOGIC = {"or": [{"<=": [{"var": "a"}, 3]}, {"var": "b"}]}


def rows() -> Iterator[tuple[object, object, dict[str, Any]]]:
    """The sixteen pairs of values, and each as a profile that says no more than it does."""
    for a, b in product(A_VALUES, B_VALUES):
        yield a, b, {name: value for name, value in (("a", a), ("b", b)) if value is not ABSENT}


def shown(value: object) -> str:
    """A value of a row or an answer, as it is printed."""
    names = ((ABSENT, "absent"), (None, "null"), (True, "true"), (False, "false"))
    # By identity: 1 is not true, though Python finds them equal.
    return next((name for known, name in names if value is known), str(value))


def peers() -> dict[str, Asked | None]:
    """Every engine of the table; None where it is not installed."""
    return {name: _installed(make) for name, make in _MAKERS.items()}


def answer(ask: Asked | None, told: Told, negated: bool) -> str:
    """What the engine says, that it refuses, or that it is not installed."""
    if ask is None:
        return "not installed"
    try:
        return shown(ask(told, negated))
    except Exception as error:
        return f"error ({type(error).__name__})"


def _installed(make: Callable[[], Asked]) -> Asked | None:
    try:
        return make()
    except ImportError:
        return None


def _zen() -> Asked:
    zen = importlib.import_module("zen")
    rules = {False: zen.compile_expression("a <= 3 or b"), True: zen.compile_expression("not (a <= 3 or b)")}
    return lambda told, negated: rules[negated].evaluate(dict(told))


def _json_logic() -> Asked:
    json_logic = importlib.import_module("json_logic")
    return lambda told, negated: json_logic.jsonLogic({"!": [_JSON_LOGIC]} if negated else _JSON_LOGIC, dict(told))


def _datalogic() -> Asked:
    engine = importlib.import_module("datalogic_py").Engine()
    rules = {False: engine.compile(_JSON_LOGIC), True: engine.compile({"!": [_JSON_LOGIC]})}
    return lambda told, negated: rules[negated].evaluate(dict(told))


def _openfisca() -> Asked:
    simulations = importlib.import_module("openfisca_core.simulations")
    system = importlib.import_module("tests.benchmarks.openfisca_unknowns").system()

    def ask(told: Told, negated: bool) -> bool:
        firm = {name: {"2023-05": value} for name, value in told.items()}
        simulation = simulations.SimulationBuilder().build_from_entities(system, {"firms": {"one": firm}})
        return bool(simulation.calculate("negation" if negated else "condition", "2023-05")[0])

    return ask


_MAKERS: dict[str, Callable[[], Asked]] = {
    "openfisca-core": _openfisca,
    "zen-engine": _zen,
    "json-logic": _json_logic,
    "datalogic": _datalogic,
}
