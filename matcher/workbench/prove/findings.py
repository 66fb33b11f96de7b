"""What a proof comes to: findings with their place and a firm that shows each, and those accepted with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from matcher.rulebook import Document, Path_, Problem, Rulebook, RulebookError, Text, decode, read_bytes, read_text
from matcher.rulebook.language import Scalar, fact_type
from matcher.text import plain

# ---------------------------------------------------------------------------------------------------------------------
# What a proof comes to: findings, each with its place and a firm that shows it, and what could not be decided.
# ---------------------------------------------------------------------------------------------------------------------


KINDS: Mapping[str, Text] = {
    "impossible": Text(zh="没有企业能满足", en="no firm can meet the rules"),
    "unreachable_route": Text(zh="这条途径永远走不到", en="no firm is ever on this route"),
    "impossible_route": Text(zh="走上这条途径的企业都不能满足", en="no firm on this route can meet it"),
    "dead_condition": Text(zh="条件永远不成立", en="the condition is never true"),
    "dead_branch": Text(
        zh="与其他条件并存时，这一分支永远不成立", en="the branch is never true beside the other conditions"
    ),
    "idle_condition": Text(zh="条件总是成立", en="the condition is always true"),
    "gap": Text(zh="查表时找不到对应的档", en="a look-up finds no row"),
    "overlap": Text(zh="两档重叠", en="two rows or classes overlap"),
    "divisor": Text(zh="除数可能为零", en="a divisor may be zero"),
    "boundary": Text(zh="版本交接处没有规则", en="a version boundary is not covered"),
    "negative": Text(zh="金额可能为负", en="the amount may be negative"),
    "above_ceiling": Text(zh="金额可能超过上限", en="the amount may exceed its ceiling"),
    "upside_down": Text(zh="金额的下限可能高于上限", en="the lower end of the amount may exceed the upper"),
    "shrinks": Text(zh="基数变大而金额变小", en="the amount falls while its base grows"),
    "idle_relation": Text(zh="关系从不起作用", en="a relation never relates anything"),
    "disagreement": Text(zh="公式与判定程序不一致", en="the formula and the engine disagree"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with the rules. ``firm`` exhibits it on ``day``, where a firm can; ``subject`` says what of the scheme."""

    kind: str
    scheme: str
    subject: str
    file: str
    line: int
    text: Text
    day: date
    firm: Mapping[str, Scalar] | None = None

    @property
    def id(self) -> str:
        """The name by which an exception accepts it."""
        return f"{self.scheme}:{self.kind}:{self.subject}"

    def told(self, rulebook: Rulebook) -> dict[str, Any] | None:
        """The firm as a profile states it: money in yuan, days in ISO form."""
        if self.firm is None:
            return None
        return {name: _plain(rulebook, name, value) for name, value in self.firm.items()}

    def to_json(self, rulebook: Rulebook) -> dict[str, Any]:
        """For programs."""
        return {
            "id": self.id, "kind": self.kind, "scheme": self.scheme, "subject": self.subject, "file": self.file,
            "line": self.line, "text": self.text.to_json(), "as_of": self.day.isoformat(),
            "facts": self.told(rulebook),
        }  # fmt: skip


def _plain(rulebook: Rulebook, name: str, value: Scalar) -> Any:
    fact = rulebook.facts[name]
    return plain(value, fact_type(fact.type, fact.unit, tuple(fact.values), fact.id))


@dataclass(slots=True)
class Proof:
    """``editions``: how many were looked at; ``questions``: how many the solver answered; ``open``: those it could not."""

    editions: int = 0
    questions: int = 0
    witnesses: int = 0
    findings: dict[str, Finding] = field(default_factory=dict)
    open: dict[str, Finding] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        """Keep a finding; the same one in a later edition is not told twice."""
        self.findings.setdefault(finding.id, finding)

    def leave_open(self, finding: Finding) -> None:
        """Keep what could be neither proved nor refuted."""
        self.open.setdefault(finding.id, finding)


# ---------------------------------------------------------------------------------------------------------------------
# Findings that the law itself makes and that are accepted, each with its reason; a reason that accepts nothing is
# told.
# ---------------------------------------------------------------------------------------------------------------------


NAME = "prove.yaml"


class Accepted(BaseModel):
    """One accepted finding (``scheme:kind:subject``) and why the rules are meant so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    finding: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Exceptions:
    """The reasons by the finding they accept."""

    reasons: Mapping[str, Text]

    def unused(self, found: Iterable[str], schemes: Iterable[str]) -> list[str]:
        """The accepted findings of these schemes that are not found any more."""
        known, looked_at = set(found), set(schemes)
        return [name for name in self.reasons if name not in known and name.split(":", 1)[0] in looked_at]


def read_exceptions(folder: Path) -> Exceptions:
    """The exceptions of the rules in ``folder``; none where there is no file. Raises RulebookError with file and line."""
    path = folder / NAME
    if not path.exists():
        return Exceptions({})
    document = read_text(decode(read_bytes(path, NAME), NAME), NAME)
    reasons, problems = {}, []
    for index, raw in enumerate(document.data or []):
        try:
            one = Accepted.model_validate(raw)
            reasons[one.finding] = one.reason
        except ValidationError as error:
            problems.append(Problem(NAME, document.line((index,)), "finding", error.errors()[0]["msg"]))
    if problems:
        raise RulebookError(problems)
    return Exceptions(reasons)


# ---------------------------------------------------------------------------------------------------------------------
# Where things stand in the rule files, so that a finding can name file and line.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Places:
    """The scheme files by slug; concepts, parameters and relations by name with their place."""

    schemes: Mapping[str, Document]
    concepts: Mapping[str, tuple[str, int]]
    parameters: Mapping[str, tuple[str, int]]
    relations: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def scheme(self, slug: str, path: Path_ = ()) -> tuple[str, int]:
        """File and line of a path in a scheme's file, or of the nearest that is written."""
        document = self.schemes.get(slug)
        return (f"{slug}.yaml", 1) if document is None else (document.file, document.line(path))

    def concept_file(self, name: str, slug: str) -> str:
        """The file in which a name is defined: the scheme's own unless it is of the whole rulebook."""
        return self.concepts[name][0] if name in self.concepts else self.scheme(slug)[0]


def read_places(folder: Path) -> Places:
    """Read the places of the rules in ``folder``. Raises RulebookError where a file cannot be read."""
    documents = {
        path.relative_to(folder).as_posix(): read_text(
            decode(read_bytes(path, path.name), path.name), path.relative_to(folder).as_posix()
        )
        for kind in ("schemes", "concepts", "parameters")
        for path in sorted((folder / kind).rglob("*.yaml"))
    }
    relations = folder / "interplay.yaml"
    if relations.exists():
        documents[relations.name] = read_text(
            decode(read_bytes(relations, relations.name), relations.name), relations.name
        )
    schemes = {
        str(one.data["slug"]): one for name, one in documents.items()
        if name.startswith("schemes/") and isinstance(one.data, dict) and "slug" in one.data
    }  # fmt: skip
    lists = (_listed(documents, kind) for kind in ("concepts/", "parameters/", "interplay.yaml"))
    return Places(schemes, *lists)


def _listed(documents: Mapping[str, Document], kind: str) -> dict[str, tuple[str, int]]:
    return {
        str(item["id"]): (one.file, one.line((index,)))
        for name, one in documents.items() if name.startswith(kind) and isinstance(one.data, list)
        for index, item in enumerate(one.data) if isinstance(item, dict) and "id" in item
    }  # fmt: skip


def solver_installed() -> bool:
    """Whether the solver (the PyPI package z3-solver) can be imported."""
    try:
        import z3  # noqa: F401
    except ImportError:
        return False
    return True
