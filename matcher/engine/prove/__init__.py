"""Proves of the rules, by a solver and for every firm at once, what no list of cases can show; needs the extra `prove`.

Every edition since 2019 becomes one formula; what is asked of it, and what each finding means, is in ``findings``.
"""

from matcher.engine.prove.exceptions import Exceptions, read_exceptions
from matcher.engine.prove.findings import KINDS, Finding, Proof
from matcher.engine.prove.places import Places, read_places


def solver_installed() -> bool:
    """Whether the solver (the PyPI package z3-solver) can be imported."""
    try:
        import z3  # noqa: F401
    except ImportError:
        return False
    return True


__all__ = [
    "KINDS",
    "Exceptions",
    "Finding",
    "Places",
    "Proof",
    "read_exceptions",
    "read_places",
    "solver_installed",
]
