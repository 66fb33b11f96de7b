"""The document itself, clause by clause: the shape of rules/document.yaml, and whether it and the schemes agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from .build import shape
from .files import Scheme
from .reading import Document, Place, Problem
from .shapes import Shape, Slug, Text

Kind = Literal["support", "service", "restriction", "internal"]

KINDS: tuple[Kind, ...] = ("support", "service", "restriction", "internal")

Word = Annotated[str, Field(min_length=1)]

ClauseId = Annotated[str, Field(pattern=r"^m[0-9]{2}-c[0-9]{2}$")]


class Clause(Shape):
    """One thing the document says. ``quote`` stands verbatim in it; an internal clause is the government's own work and has no scheme."""

    id: ClauseId
    kind: Kind
    quote: Word
    summary: Text
    schemes: tuple[Slug, ...]
    note: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> Clause:
        if (self.kind == "internal") == bool(self.schemes):
            raise ValueError("an internal clause, and only that, names no scheme")
        if len(set(self.schemes)) < len(self.schemes):
            raise ValueError("a scheme stands twice in schemes")
        return self


class Measure(Shape):
    """One numbered measure, the departments it names, and its clauses in the order of the text."""

    measure: Annotated[int, Field(ge=1, le=99)]
    title: Text
    part: Word
    departments: Annotated[tuple[Word, ...], Field(min_length=1)]
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1)]

    def slugs(self) -> tuple[str, ...]:
        """The schemes of its clauses, each once, in the order they are met."""
        return tuple(dict.fromkeys(slug for clause in self.clauses for slug in clause.schemes))


class Part(Shape):
    """A part of the document, which groups measures."""

    number: Word
    title: Text


class PolicyDocument(Shape):
    """The whole document. ``departments`` gives the English name of each department as the document names it."""

    title: Text
    parts: tuple[Part, ...] = ()
    departments: dict[str, Word] = Field(default_factory=dict)
    measures: tuple[Measure, ...] = ()

    def clauses(self) -> Iterator[Clause]:
        """Every clause, in the order of the text."""
        yield from (clause for measure in self.measures for clause in measure.clauses)

    def clauses_of(self, slug: str) -> tuple[Clause, ...]:
        """The clauses that name a scheme, in the order of the text."""
        return tuple(clause for clause in self.clauses() if slug in clause.schemes)

    def department(self, name: str, lang: str) -> str:
        """A department in ``lang``; the document's own name where there is no English one."""
        return self.departments.get(name, name) if lang == "en" else name


NO_DOCUMENT = PolicyDocument(title=Text(zh="没有文件", en="no document"))


def read_document(documents: Sequence[Document], problems: list[Problem]) -> tuple[PolicyDocument, Place] | None:
    """The document and where it stands; None where rules/document.yaml is missing or has no usable shape (then reported)."""
    if not documents:
        return None
    place = Place(documents[0], (), problems)
    found = shape(PolicyDocument, documents[0].data, place)
    return None if found is None else (found, place)


def check_document(
    found: PolicyDocument, place: Place, schemes: Mapping[str, Scheme], files: Mapping[str, Document]
) -> None:
    """Report what is wrong with the document in itself, and where it and the ``schemes``, each in its file, do not agree."""
    ids = Counter(clause.id for clause in found.clauses())
    for index, measure in enumerate(found.measures):
        here = place / "measures" / index
        _measure(found, measure, index, here)
        for number, clause in enumerate(measure.clauses):
            _clause(clause, measure, ids, schemes, here / "clauses" / number)
    for slug, scheme in schemes.items():
        _agrees(scheme, [clause.id for clause in found.clauses_of(slug)], Place(files[slug], (), place.problems))


def _measure(found: PolicyDocument, measure: Measure, index: int, here: Place) -> None:
    if measure.measure != index + 1:
        (here / "measure").report(f"measures are numbered in their order: {index + 1} is wanted here")
    if measure.part not in [part.number for part in found.parts]:
        (here / "part").report(f"there is no part {measure.part!r} in parts")
    for name in measure.departments:
        if name not in found.departments:
            (here / "departments").report(f"{name!r} has no English name in departments")


def _clause(clause: Clause, measure: Measure, ids: Counter[str], schemes: Mapping[str, Scheme], here: Place) -> None:
    if ids[clause.id] > 1:
        (here / "id").report(f"{clause.id!r} stands twice")
    if not clause.id.startswith(f"m{measure.measure:02d}-"):
        (here / "id").report(
            f"a clause of measure {measure.measure} has an id that begins with m{measure.measure:02d}-"
        )
    unknown = [slug for slug in clause.schemes if slug not in schemes]
    for slug in unknown:
        (here / "schemes").report(f"there is no scheme {slug!r}")
    if clause.schemes and not unknown and clause.kind not in {schemes[slug].kind for slug in clause.schemes}:
        (here / "kind").report(f"none of the clause's schemes is a {clause.kind}")


def _agrees(scheme: Scheme, named_by: list[str], where: Place) -> None:
    """The scheme's file names the clauses that name it, and the measures they stand in."""
    if scheme.measures and not named_by:
        (where / "measures").report(f"no clause of document.yaml names {scheme.slug!r}")
        return
    for clause in scheme.clauses:
        if clause not in named_by:
            (where / "clauses").report(f"the clause {clause!r} of document.yaml does not name this scheme")
    for clause in named_by:
        if clause not in scheme.clauses:
            (where / "clauses").report(f"{clause!r} is missing: that clause of document.yaml names this scheme")
    if sorted(scheme.measures) != sorted({int(clause[1:3]) for clause in named_by}):
        (where / "measures").report("not the measures of its clauses in document.yaml")
