"""Loads rules/ whole: reads, validates, parses and cross-checks every file, and reports all faults at once."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from matcher import places
from matcher.rulebook import checks, interplay
from matcher.rulebook.build import condition, expression, shape, source
from matcher.rulebook.cache import kept_or_loaded
from matcher.rulebook.conditions import NOTHING, Condition
from matcher.rulebook.document import check_document, read_document
from matcher.rulebook.edition import Given
from matcher.rulebook.files import Benefit, Body, Fact, Instrument, Name, Output, Parameter, Route, Scheme
from matcher.rulebook.gates import FILE as GATES
from matcher.rulebook.gates import Gate, read_gates
from matcher.rulebook.language.nodes import Node, walk
from matcher.rulebook.language.tables import Spec
from matcher.rulebook.language.types import LanguageError, Type
from matcher.rulebook.names import MAX_ALL_PARTS, Names
from matcher.rulebook.parameters import RECIPIENTS, constant_of, spec_of
from matcher.rulebook.place import Place
from matcher.rulebook.problems import Problem, RulebookError
from matcher.rulebook.reading import Document, decode, read_bytes, read_text
from matcher.rulebook.rulebook import ParameterHistory, ParsedBody, ParsedRoute, ParsedScheme, ParsedSum, Rulebook

M = TypeVar("M", bound=BaseModel)


def load(directory: Path | None = None) -> Rulebook:
    """The rulebook in ``directory``, or the one that comes with the program, which is kept between starts.

    Raises RulebookError.
    """
    if directory is not None:
        return _Loader(directory).load()
    return kept_or_loaded(places.rules_dir(), lambda folder: _Loader(folder).load())


class _Loader:
    """One load: the problems met on the way are collected and raised together at the end."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.problems: list[Problem] = []
        self.hash = hashlib.sha256()

    def load(self) -> Rulebook:
        documents = self._documents()
        if self.problems:  # what an unreadable file defines would be reported as unknown wherever it is used
            raise RulebookError(self.problems)
        vocabulary = self._items(documents, "facts", Fact, "id")
        facts = {fact.id: fact for fact, _ in vocabulary}
        checks.parts(vocabulary, facts)
        instruments = self._instruments(documents)
        parameters = self._items(documents, "parameters", Parameter, "id")
        specs = self._specs(parameters, facts)
        names = Names(facts, specs, instruments, condition)
        names.defined = {one.id: (one, place) for one, place in self._items(documents, "concepts", Name, "id")}
        histories = {one.id: self._history(one, specs, names, place) for one, place in parameters if one.id in specs}
        self._parse_concepts(names)
        schemes = [self._scheme(document, names) for document in self._catalogue(documents)]
        parsed = {one.scheme.slug: one for one in schemes if one is not None}
        classes = self._industry_classes()
        relations = self._relations(documents, facts)
        written = read_document(documents["document"], self.problems)
        rulebook = Rulebook(self.hash.hexdigest(), facts, instruments, histories, parsed, names, classes, relations)
        rulebook.gates = self._gates(facts)
        files = {str(one.data.get("slug")): one for one in documents["schemes"] if isinstance(one.data, dict)}
        if not self.problems:
            checks.run(rulebook, self.problems, files, {one.id: place for one, place in parameters})
            if written is not None:
                rulebook.document = written[0]
                check_document(*written, rulebook.schemes, files)
        if self.problems:
            raise RulebookError(self.problems)
        return rulebook

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
                    found[kind].append(read_text(decode(content, name), name))
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

    def _gates(self, facts: dict[str, Fact]) -> dict[str, Gate]:
        """The gate questions, where there are any. They decide nothing, so that the hash leaves them out."""
        path = self.directory / GATES
        if not path.exists():
            return {}
        try:
            document = read_text(decode(read_bytes(path, GATES), GATES), GATES)
        except RulebookError as error:
            self.problems += error.problems
            return {}
        return read_gates(document, facts, Place(document, (), self.problems))

    def _plain(self, path: Path, name: str) -> str:
        """The text of a file that is not YAML; empty after reporting why it cannot be read."""
        try:
            return decode(read_bytes(path, name), name)
        except RulebookError as error:
            self.problems += error.problems
            return ""

    def _relations(
        self, documents: dict[str, list[Document]], facts: dict[str, Fact]
    ) -> tuple[interplay.WrittenRelation, ...]:
        """How the schemes bear on each other, in the order of the file."""
        found = self._items(documents, "interplay", interplay.WrittenRelation, "id")
        slugs = {one.file.rsplit("/", 1)[-1].removesuffix(".yaml") for one in documents["schemes"]}
        interplay.cross_check(found, facts, slugs)
        return tuple(relation for relation, _ in found)

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

    def _scheme(self, document: Document, names: Names) -> ParsedScheme | None:
        place = Place(document, (), self.problems)
        scheme = shape(Scheme, document.data, place)
        if scheme is None:
            return None
        if document.file.rsplit("/", 1)[-1] != f"{scheme.slug}.yaml":
            (place / "slug").report(f"the file of {scheme.slug!r} must be called {scheme.slug}.yaml")
        for index, one in enumerate(scheme.let):
            if one.id in [before.id for before in scheme.let[:index]]:
                (place / "let" / index / "id").report(f"{one.id!r} stands twice")
        try:
            local = names.with_local({one.id: (one, place / "let" / index) for index, one in enumerate(scheme.let)})
            for one in scheme.let:
                local.meaning(one.id)
        except LanguageError as error:
            (place / "let").report(str(error))
            return None
        bodies = tuple(
            self._body(body, local, scheme, place / "rules" / index) for index, body in enumerate(scheme.rules)
        )
        parts = (part for body in bodies for expression in body.expressions() for part in walk(expression))
        if any(count >= MAX_ALL_PARTS for count, _ in enumerate(parts)):
            (place / "rules").report(f"the rules grow to more than {MAX_ALL_PARTS} parts")
        return ParsedScheme(scheme, bodies, local)

    def _body(self, body: Body, names: Names, scheme: Scheme, place: Place) -> ParsedBody:
        if (body.applies_when is not None) != (scheme.kind == "restriction") and (
            body.requires or body.applies_when
        ) is not None:
            place.report("a restriction says applies_when, any other scheme requires")
        key = "applies_when" if body.applies_when is not None else "requires"
        requires = self._condition(getattr(body, key), names, place / key, "requires")
        return ParsedBody(
            body,
            requires,
            tuple(
                self._route(route, names, place / "routes" / index, index) for index, route in enumerate(body.routes)
            ),
            self._benefit(body.benefit or Benefit(), names, place / "benefit"),
            self._gives(body.gives, names, place / "gives"),
            self._recipient(body.recipient or scheme.recipient, names, place / "recipient"),
            tuple(
                self._ask_first(name, names, place / "ask_first" / index) for index, name in enumerate(body.ask_first)
            ),
        )

    def _route(self, route: Route, names: Names, place: Place, index: int) -> ParsedRoute:
        id_ = route.id or f"route{index + 1}"
        for fact in route.fails_on or ():
            if fact not in names.facts:
                (place / "fails_on").report(f"unknown fact {fact!r}")
        return ParsedRoute(
            id_,
            route.label,
            None if route.when is None else self._condition(route.when, names, place / "when", f"{id_}.when"),
            self._condition(route.requires, names, place / "requires", id_),
            None if route.benefit is None else self._benefit(route.benefit, names, place / "benefit"),
            self._gives(route.gives, names, place / "gives"),
            None if route.recipient is None else self._recipient(route.recipient, names, place / "recipient"),
            tuple(route.fails_on or ()),
            route.from_,
            route.until,
            route.settled_by == "nobody",
        )

    def _condition(self, raw: Any, names: Names, place: Place, id_: str) -> Condition:
        return NOTHING if raw is None else condition(raw, names, place, id_)

    def _ask_first(self, name: str, names: Names, place: Place) -> Condition:
        """A fact that must be told first, or a named condition that must be settled first."""
        node = expression(f"told({name})" if name in names.facts else name, names, place, boolean=True)
        return NOTHING if node is None else Condition(f"ask.{name}", "test", expr=node, line=place.line)

    def _benefit(self, benefit: Benefit, names: Names, place: Place) -> ParsedSum:
        for fact in benefit.no_figure_without:
            if fact not in names.facts:
                (place / "no_figure_without").report(f"unknown fact {fact!r}")
        if benefit.exact_once and benefit.exact_once not in names.facts:
            (place / "exact_once").report(f"unknown fact {benefit.exact_once!r}")
        key = "exact" if benefit.exact else "up_to"
        node = self._sum(benefit.exact or benefit.up_to, names, place / key)
        least = self._sum(benefit.at_least, names, place / "at_least")
        kind = "none" if node is None else "exact" if benefit.exact else "ceiling" if least is None else "range"
        return ParsedSum(kind, node, tuple(benefit.no_figure_without), benefit.exact_once, least)

    def _sum(self, text: str | None, names: Names, place: Place) -> Node | None:
        node = None if text is None else expression(text, names, place)
        if node is not None and (node.type.kind != "number" or dict(node.type.unit) != {"yuan": 1}):
            place.report(f"a sum of money is wanted, not {node.type}")
        return node

    def _gives(self, gives: dict[str, Output], names: Names, place: Place) -> tuple[Given, ...]:
        made = []
        for name, output in gives.items():
            node = expression(output.value, names, place / name / "value")
            unless = output.unless and expression(output.unless, names, place / name / "unless", boolean=True)
            if node is not None:
                made.append(Given(name, output.label, node, output.decimals, unless or None))
        return tuple(made)

    def _recipient(self, text: str, names: Names, place: Place) -> Any:
        if text in RECIPIENTS:
            return text
        node = expression(text, names, place)
        if node is not None and node.type != Type("enum", values=RECIPIENTS):
            place.report(f"a recipient is wanted, not {node.type}")
        return node or RECIPIENTS[0]
