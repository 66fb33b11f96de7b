"""Loads rules/ whole: reads, validates, parses and cross-checks every file, and reports all faults at once."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from matcher import places
from matcher.rulebook.language import LanguageError, Spec

from . import checks, earlier_shapes, interplay
from .build import condition, shape, source
from .cache import kept_or_loaded
from .deadlines import check_deadlines
from .document import check_document, read_document
from .files import Fact, Instrument, Name, Parameter
from .gates import FILE as GATES
from .gates import read_gates
from .likely import FILE as LIKELY
from .likely import read_likely
from .names import Names
from .offices import FILE as OFFICES
from .offices import check_offices, read_offices
from .parameters import constant_of, spec_of
from .parsed import ParameterHistory
from .presumed import FILE as PRESUMED
from .presumed import read_presumed
from .reading import Document, Place, Problem, RulebookError, decode, read_bytes, read_text
from .rulebook import Rulebook
from .scheme_files import read_scheme
from .search_words import FILE as SYNONYMS
from .search_words import read_synonyms
from .standing import check_standing
from .typical import FILE as TYPICAL
from .typical import read_typical
from .vocabulary import GROUPS, SERIES, Group, Series, check_facts, check_used, read_headings

M = TypeVar("M", bound=BaseModel)

PLACEHOLDER = "待填"

"""How a text begins that a draft leaves open; what is to be written there follows it."""


def load(directory: Path | None = None) -> Rulebook:
    """The rulebook in ``directory``, or the one of this process (`places.rules_dir`), which is kept between starts.

    Raises RulebookError.
    """
    if directory is not None:
        return _Loader(directory).load()
    found = kept_or_loaded(places.rules_dir(), lambda folder: _Loader(folder).load())
    found.is_draft = places.has_draft_rules()
    return found


def load_archived(directory: Path) -> Rulebook:
    """A rulebook kept beside letters, which may have been written for an earlier version of this program.

    It passed the checks of its own day: only what a decision needs is held here, not what is asked of authors today,
    and its files are brought to today's shape first (``earlier_shapes``). Raises RulebookError.
    """
    return _Loader(directory, is_archived=True).load()


def _left_open(document: Document, path: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """What a draft leaves to be filled in, each with its place: nothing else can be said of the file before that is done."""
    value = document.data
    for part in path:
        value = value[part]
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            if isinstance(key, str | int):
                yield from _left_open(document, (*path, key))
    elif isinstance(value, str) and value.startswith(PLACEHOLDER):
        zh, _, en = value.removeprefix(PLACEHOLDER).strip("：: ").partition(" / ")
        yield document.problem(path, f"still to be filled in: {en or zh or '…'}", f"还没填：{zh or en or '…'}")


class _Loader:
    """One load: the problems met on the way are collected and raised together at the end."""

    def __init__(self, directory: Path, is_archived: bool = False) -> None:
        self.directory = directory
        self.is_archived = is_archived
        self.problems: list[Problem] = []
        self.hash = hashlib.sha256()

    def load(self) -> Rulebook:
        documents = self._documents()
        if self.problems:  # what an unreadable file defines would be reported as unknown wherever it is used
            raise RulebookError(self.problems)
        if self.is_archived:
            earlier_shapes.bring_up_to_date(documents)
        known = len(self.problems)
        vocabulary = self._items(documents, "facts", Fact, "id")
        facts = {fact.id: fact for fact, _ in vocabulary}
        instruments = self._instruments(documents)
        parameters = self._items(documents, "parameters", Parameter, "id")
        if len(self.problems) > known:  # what is faulty would be reported as unknown wherever it is named
            raise RulebookError(self.problems)
        checks.parts(vocabulary, facts)
        specs = self._specs(parameters, facts)
        names = Names(facts, specs, instruments, condition)
        names.defined = {one.id: (one, place) for one, place in self._items(documents, "concepts", Name, "id")}
        histories = {one.id: self._history(one, specs, names, place) for one, place in parameters if one.id in specs}
        self._parse_concepts(names)
        schemes = [read_scheme(document, names, self.problems) for document in self._catalogue(documents)]
        parsed = {one.scheme.slug: one for one in schemes if one is not None}
        classes = self._industry_classes()
        written_relations = self._relations(documents, facts)
        relations = tuple(relation for relation, _ in written_relations)
        written = read_document(documents["document"], self.problems)
        rulebook = Rulebook(self.hash.hexdigest(), facts, instruments, histories, parsed, names, classes, relations)
        if self.is_archived:
            if self.problems:
                raise RulebookError(self.problems)
            self._words_of_its_day(rulebook, vocabulary, documents)
            return rulebook
        self._about_headings(rulebook, vocabulary)
        self._about_questions(rulebook)
        self._about_search(rulebook)
        files = {str(one.data.get("slug")): one for one in documents["schemes"] if isinstance(one.data, dict)}
        self._about_offices(rulebook, files)
        if not self.problems:
            checks.run(rulebook, self.problems, files, {one.id: place for one, place in parameters})
            dates = {one.id for one in facts.values() if one.type == "date" and one.stated_by == "firm"}
            named = [(one, Place(files[slug], (), self.problems)) for slug, one in rulebook.schemes.items()]
            check_deadlines(named, dates)
            if documents["interplay"]:  # a rulebook that has none says nothing about it
                places = {slug: Place(document, (), self.problems) for slug, document in files.items()}
                check_standing(rulebook, places, written_relations)
            if written is not None:
                rulebook.document = written[0]
                check_document(*written, rulebook.schemes, files)
        if self.problems:
            raise RulebookError(self.problems)
        return rulebook

    def _words_of_its_day(
        self, rulebook: Rulebook, vocabulary: list[tuple[Fact, Place]], documents: dict[str, list[Document]]
    ) -> None:
        """What a kept rulebook has for the words of a letter (headings, offices); what it has not is no fault."""
        self._about_headings(rulebook, vocabulary)
        self._about_offices(
            rulebook, {str(one.data.get("slug")): one for one in documents["schemes"] if isinstance(one.data, dict)}
        )
        self.problems.clear()

    def _documents(self) -> dict[str, list[Document]]:
        found: dict[str, list[Document]] = {
            kind: [] for kind in ("facts", "instruments", "parameters", "concepts", "schemes", "interplay", "document")
        }
        files = sorted(self.directory.rglob("*.yaml"))
        if not files:
            raise RulebookError([Problem(str(self.directory), 1, "-", "there are no rules in this folder")])
        for path in files:
            name = path.relative_to(self.directory).as_posix()
            kind = name.split("/", 1)[0].removesuffix(".yaml")
            if kind in found:
                try:
                    content = read_bytes(path, name)
                    self.hash.update(name.encode() + b"\0" + content + b"\0")
                    document = read_text(decode(content, name), name)
                    found[kind].append(document)
                    self.problems += _left_open(document)
                except RulebookError as error:
                    self.problems += error.problems
        return found

    def _instruments(self, documents: dict[str, list[Document]]) -> dict[str, Instrument]:
        """The instruments by id; one that stands twice under two ids would be cited as two."""
        numbers: dict[str, str] = {}
        items = self._items(documents, "instruments", Instrument, "id")
        for one, place in items:
            first = numbers.setdefault(one.number, one.id)
            if first != one.id:
                (place / "number").report(f"{one.number} stands already under the id {first!r}")
            if one.earlier_confidence is not None and not self.is_archived:
                (place / "earlier_confidence").report(
                    "say how the text was seen (seen); this key is of kept rulebooks alone"
                )
        return {one.id: one for one, _ in items}

    def _industry_classes(self) -> frozenset[str]:
        """The four-digit codes of GB/T 4754, over which an untold industry ranges."""
        path = self.directory / "reference" / "gbt4754.csv"
        if not path.exists():
            return frozenset()
        text = self._plain(path, "reference/gbt4754.csv")
        self.hash.update(text.encode())
        rows = csv.DictReader(text.splitlines())
        return frozenset(row["code"] for row in rows if row.get("level") == "class")

    def _about_headings(self, rulebook: Rulebook, written: list[tuple[Fact, Place]]) -> None:
        """Under what the facts are asked. It decides nothing, so that the hash leaves it out."""
        groups, series = self._optional(GROUPS), self._optional(SERIES)
        if groups is None:
            return
        place = Place(groups, (), self.problems)
        rulebook.groups = read_headings(Group, groups, place)
        check_used(rulebook.groups, (fact.group for fact, _ in written), place)
        if series is not None:
            place = Place(series, (), self.problems)
            rulebook.series = read_headings(Series, series, place)
            check_used(rulebook.series, (fact.series.name for fact, _ in written if fact.series), place)
        check_facts(written, rulebook.groups, rulebook.series)

    def _about_questions(self, rulebook: Rulebook) -> None:
        """What orders the questions, where there is any. It decides nothing, so that the hash leaves it out."""
        gates, likely = self._optional(GATES), self._optional(LIKELY)
        if gates is not None:
            rulebook.gates = read_gates(gates, rulebook.facts, Place(gates, (), self.problems))
        if likely is not None:
            rulebook.likely = read_likely(likely, rulebook.facts, Place(likely, (), self.problems))
        presumed, typical = self._optional(PRESUMED), self._optional(TYPICAL)
        if presumed is not None:
            place = Place(presumed, (), self.problems)
            rulebook.presumed = read_presumed(presumed, rulebook.facts, rulebook.gates, place)
        if typical is not None:
            rulebook.typical = read_typical(typical, rulebook.facts, Place(typical, (), self.problems))

    def _about_search(self, rulebook: Rulebook) -> None:
        """By which words a scheme is found. They decide nothing, so that the hash leaves them out."""
        synonyms = self._optional(SYNONYMS)
        if synonyms is not None:
            rulebook.synonyms = read_synonyms(synonyms, Place(synonyms, (), self.problems))

    def _about_offices(self, rulebook: Rulebook, files: dict[str, Document]) -> None:
        """Whom to ask, where that is said. It decides nothing, so that the hash leaves it out."""
        offices = self._optional(OFFICES)
        if offices is not None:
            rulebook.offices = read_offices(offices, Place(offices, (), self.problems))
            named = [(one, Place(files[slug], (), self.problems)) for slug, one in rulebook.schemes.items()]
            check_offices(rulebook.offices, named)

    def _optional(self, name: str) -> Document | None:
        """A file that a rulebook may be without; None also after reporting why it cannot be read."""
        path = self.directory / name
        if not path.exists():
            return None
        try:
            return read_text(decode(read_bytes(path, name), name), name)
        except RulebookError as error:
            self.problems += error.problems
            return None

    def _plain(self, path: Path, name: str) -> str:
        """The text of a file that is not YAML; empty after reporting why it cannot be read."""
        try:
            return decode(read_bytes(path, name), name)
        except RulebookError as error:
            self.problems += error.problems
            return ""

    def _relations(
        self, documents: dict[str, list[Document]], facts: dict[str, Fact]
    ) -> list[tuple[interplay.WrittenRelation, Place]]:
        """How the schemes bear on each other, in the order of the file, each with its place."""
        found = self._items(documents, "interplay", interplay.WrittenRelation, "id")
        slugs = {one.file.rsplit("/", 1)[-1].removesuffix(".yaml") for one in documents["schemes"]}
        interplay.cross_check(found, facts, slugs)
        return found

    def _items(
        self, documents: dict[str, list[Document]], kind: str, model: type[M], key: str
    ) -> list[tuple[M, Place]]:
        """The items of all lists of a kind; a second one of the same name is a fault."""
        found: dict[str, tuple[M, Place]] = {}
        for document in documents[kind]:
            place = Place(document, (), self.problems)
            if not isinstance(document.data, list):
                place.report("the file holds a list")
                continue
            for index, raw in enumerate(document.data):
                item = shape(model, raw, place / index)
                if item is None:
                    continue
                name = getattr(item, key)
                if name in found:
                    (place / index / key).report(
                        f"{name!r} stands twice; first in {found[name][1].document.file}:{found[name][1].line}"
                    )
                found[name] = (item, place / index)
        return list(found.values())

    def _specs(self, parameters: list[tuple[Parameter, Place]], facts: dict[str, Fact]) -> dict[str, Spec]:
        specs = {}
        for parameter, place in parameters:
            try:
                specs[parameter.id] = spec_of(parameter, facts)
            except LanguageError as error:
                place.report(str(error))
        return specs

    def _history(self, parameter: Parameter, specs: dict[str, Spec], names: Names, place: Place) -> ParameterHistory:
        entries = []
        for index, value in enumerate(parameter.values):
            here = place / "values" / index
            for text in value.source:
                source(text, names, here / "source")
            found = tuple(
                one for text in value.source if (one := source(text, names, Place(here.document), value.confidence))
            )
            try:
                entries.append((value, constant_of(parameter, specs[parameter.id], value), found))
            except LanguageError as error:
                (here / "value").report(str(error))
        return ParameterHistory(parameter, tuple(entries))

    def _parse_concepts(self, names: Names) -> None:
        for name, (concept, place) in names.defined.items():
            if name in names.facts and not concept.derives:
                (place / "id").report(f"{name!r} is a fact already; only what derives it may bear its name")
            try:
                names.meaning(name)
            except LanguageError as error:
                place.report(str(error))

    def _catalogue(self, documents: dict[str, list[Document]]) -> list[Document]:
        """The scheme files in the catalogue's order: by folder as ``schemes/ORDER`` says, which every scheme must stand in."""
        order_file = self.directory / "schemes" / "ORDER"
        lines = self._plain(order_file, "schemes/ORDER").splitlines() if order_file.exists() else []
        order = [line.strip() for line in lines if line.strip()]
        self.hash.update(" ".join(order).encode())
        slugs: dict[str, Document] = {}
        for document in documents["schemes"]:
            slug = document.file.rsplit("/", 1)[-1].removesuffix(".yaml")
            if slug not in order:
                self.problems.append(Problem(document.file, 1, slug, "the scheme does not stand in schemes/ORDER"))
            if slug in slugs:
                self.problems.append(
                    Problem(document.file, 1, slug, f"the scheme stands twice; first in {slugs[slug].file}")
                )
            slugs[slug] = document
        met: set[str] = set()
        for line, slug in enumerate(map(str.strip, lines), 1):
            if slug and (slug not in slugs or slug in met):
                why = "the scheme stands here twice" if slug in slugs else "there is no file of this scheme"
                self.problems.append(Problem("schemes/ORDER", line, slug, why))
            met.add(slug)
        return [slugs[slug] for slug in dict.fromkeys(order) if slug in slugs]
