"""Prepares the list of all schemes: found by plain words, narrowed by what a reader is looking for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.engine import check, due_days
from matcher.firms.search import find_industry, find_schemes
from matcher.rulebook import Scheme
from matcher.text import figures, sentences, site_labels

from .catalogue import Catalogue

# Kind of help → the recipients and kinds of scheme that are meant.
KINDS = ("cash", "less", "loan", "title", "service", "rule")

# Who asks → what the engine is told of such a firm: what is closed to it is left out.
WHOM: Mapping[str, Mapping[str, str]] = {
    "company": {"legal_form": "company"},
    "individual": {"legal_form": "individual_business"},
    "foreign": {"legal_form": "company", "ownership": "foreign"},
    "social": {"legal_form": "social_organisation"},
}

DUE = ("30", "90", "365")

_MOST = 24

# Of the best hit's score: what fits much worse only makes the list long.
_SHARE = 0.4


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for; what is empty narrows nothing."""

    words: str = ""
    kind: str = ""
    whom: str = ""
    district: str = ""
    due: str = ""
    industry: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but words is asked for."""
        return any((self.kind, self.whom, self.district, self.due, self.industry))


@dataclass(frozen=True)
class Listed:
    """A scheme in the list: what it is in a sentence, what kind of help, until when, and why it was found."""

    slug: str
    name: str
    summary: str
    kind: str
    state: str
    due: str
    why: str


@dataclass(frozen=True)
class Listing:
    """The schemes by family (one nameless family where words were searched for), and how many there are of how many."""

    families: tuple[tuple[str, tuple[Listed, ...]], ...]
    number: int
    all: int
    industry: str


def listing(book: Catalogue, wanted: Wanted, today: date, lang: str) -> Listing:
    """The list on a day."""
    rulebook = book.rulebook
    found = find_schemes(rulebook, wanted.words, _MOST) if wanted.words else ()
    found = tuple(hit for hit in found if hit.score >= _SHARE * found[0].score)
    why = {hit.slug: hit.why.get(lang) for hit in found}
    slugs = [hit.slug for hit in found] if wanted.words else list(rulebook.schemes)
    industry = find_industry(wanted.industry, 1) if wanted.industry else ()
    fitting = _fitting(book, wanted, industry[0].code if industry else "", today)
    kept = [slug for slug in slugs if slug in fitting and _is_wanted(book, slug, wanted, today)]
    listed = {slug: _listed(book, slug, why.get(slug, ""), today, lang) for slug in kept}
    found_by_words = [("", tuple(listed.values()))] if listed else []
    families = found_by_words if wanted.words else list(_by_family(book, listed, lang))
    return Listing(tuple(families), len(listed), len(rulebook.schemes), industry[0].name.get(lang) if industry else "")


def _fitting(book: Catalogue, wanted: Wanted, industry: str, today: date) -> frozenset[str]:
    """The schemes that are not closed to a firm of which only this is known."""
    facts = dict(WHOM.get(wanted.whom, {}))
    facts |= {"district": wanted.district} if wanted.district in book.fact("district").values else {}
    facts |= {"industry": industry} if industry else {}
    if not facts:
        return frozenset(book.rulebook.schemes)
    decisions = check(book.rulebook, facts, today)
    return frozenset(one.scheme for one in decisions if one.status not in ("not_eligible", "does_not_apply"))


def _is_wanted(book: Catalogue, slug: str, wanted: Wanted, today: date) -> bool:
    scheme = book.scheme(slug)
    if wanted.kind and kind_of(scheme) != wanted.kind:
        return False
    if wanted.due not in DUE:
        return True
    last = next_day(book, slug, today)
    return last is not None and last <= today + timedelta(days=int(wanted.due))


def kind_of(scheme: Scheme) -> str:
    """What kind of help a scheme is: one of `KINDS`."""
    if scheme.kind != "support":
        return "service" if scheme.kind == "service" else "rule"
    if scheme.family == "finance":
        return "loan"
    return {"firm_cash": "cash", "firm_price": "less", "firm_deferral": "less"}.get(scheme.recipient, "title")


def next_day(book: Catalogue, slug: str, today: date) -> date | None:
    """The next last day of a scheme, to file or of its rules; None where none is known."""
    edition = book.rulebook.scheme_at(slug, today)
    if edition.state != "open":
        return None
    days = [one.closes for one in due_days(edition, {}, today)]
    days.append(edition.version.until if edition.version else None)
    return min((day for day in days if day is not None and day >= today), default=None)


def _listed(book: Catalogue, slug: str, why: str, today: date, lang: str) -> Listed:
    scheme, last = book.scheme(slug), next_day(book, slug, today)
    state = book.rulebook.scheme_at(slug, today).state
    return Listed(
        slug,
        scheme.name.get(lang),
        scheme.summary.get(lang),
        sentences.say(site_labels.HELP[kind_of(scheme)], lang),
        "" if state == "open" else sentences.say(site_labels.STATE[state], lang),
        sentences.say("到{day}", lang, day=figures.day(last, lang)) if last else "",
        why,
    )


def _by_family(book: Catalogue, listed: Mapping[str, Listed], lang: str) -> Iterator[tuple[str, tuple[Listed, ...]]]:
    for family, members, _ in book.families(()):
        some = tuple(listed[one.slug] for one in members if one.slug in listed)
        if some:
            yield sentences.say(site_labels.FAMILY[family], lang), some
