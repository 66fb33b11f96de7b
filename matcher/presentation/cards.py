"""Prepares one decision as a card: the amount and its kind, who is paid, until when, why, and what to do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from matcher.engine import DecisionRecord, ReasonRecord, contacts, first_to_close, last_day_of_rules, said_days
from matcher.letters.compose import item_label, name_of, own_words, words_are_whole
from matcher.rulebook import Scheme, SchemeEdition, Status, Text
from matcher.text import (
    AMOUNT,
    RECIPIENT,
    figures,
    outputs_text,
    sentences,
    set_tight,
    site_labels,
)

from .catalogue import Catalogue
from .forms import field_name
from .gauges import Gauge, gauges
from .reasons import Reason, decisive, is_carried, near_miss, reason

_SOON_DAYS = 90

_NONE_UNASKED: Mapping[str, Text] = MappingProxyType({})

# Whom a missing figure leaves waiting for one; a right, a service or others' money has none to wait for.
_PAID = ("firm_cash", "firm_price", "firm_deferral")

# A warning that every card of a scheme encoded in part carries: said in the details, a short mark at the head.
_IN_PART = "version_in_part"


# Nothing is known of their rules on the day, so that nothing can be said of how surely.
_WITHOUT_RULES = ("unconfirmed", "not_open")


@dataclass(frozen=True)
class Amount:
    """A sum in three parts, so that the figure can stand out: `up to` `5,000` `yuan`; `means` says what it is."""

    before: str
    figure: str
    after: str
    means: str


@dataclass(frozen=True)
class Missing:
    """A fact that would settle the decision; `field` is the id of its field on the page, or None if it has none."""

    fact: str
    label: str
    field: str | None


@dataclass(frozen=True)
class Card:
    """All that the page says about one scheme. Texts are in the page's language and unescaped; `day` is in ISO form.

    `own` are the scheme's own words on who gets the money; `in_part` says that its rules are known in part only;
    `deadlines` are days to keep and `contacts` the offices with their numbers, each in a sentence;
    `last_terms` is what the last terms of a scheme that is not confirmed would have come to (`last_gave`: it would have been the
    firm's), `awaits` the notice awaited;
    `near_misses` are within the firm's reach, `far_misses` are not; `reckoned_by` are the facts that would give an amount
    where there is none yet; `is_carried`: it is the law's, or something the firm told of itself speaks for it. Of several loans,
    projects … each has a card: `item` is its id, `item_name` how it is called. `is_unasked`: nothing is asked for it, since hardly
    any firm of the kind has what it is about; `why` says so.
    """

    slug: str
    day: str
    name: str
    summary: str
    status: str
    recipient: str | None
    ends: date | None
    department: str
    amount: Amount | None
    payee: str | None
    own: str
    until: str | None
    why: str
    outputs: tuple[tuple[str, str], ...]
    reasons: Reason | None
    gauges: tuple[Gauge, ...]
    arithmetic: tuple[str, ...]
    missing: tuple[Missing, ...]
    near_misses: tuple[str, ...]
    far_misses: tuple[str, ...]
    warnings: tuple[str, ...]
    in_part: tuple[str, ...]
    bring: tuple[str, ...]
    where: str
    measures: str | None
    confidence: str | None
    reckoned_by: tuple[Missing, ...] = ()
    is_carried: bool = True
    deadlines: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    last_terms: str | None = None
    last_gave: bool = False
    awaits: str | None = None
    item: str | None = None
    item_name: str = ""
    is_unasked: bool = False

    @property
    def plain_name(self) -> str:
        """The scheme's name alone, whichever of several it is about."""
        return self.name.removesuffix(f"“{self.item_name}”").rstrip() if self.item is not None else self.name

    @property
    def key(self) -> tuple[str, str | None]:
        """By what it is told from all other cards."""
        return self.slug, self.item

    @property
    def anchor(self) -> str:
        """The end of the ids of what the page has of it."""
        return self.slug if self.item is None else f"{self.slug}-{self.item}"


def card(
    catalogue: Catalogue,
    decision: DecisionRecord,
    as_of: date,
    lang: str,
    unreckoned: Sequence[str] = (),
    district: str | None = None,
    unasked: Mapping[str, Text] = _NONE_UNASKED,
) -> Card:
    """The card of a decision, from its JSON; `unreckoned` are the facts that would give an amount, where it has none.

    `district` is the one the firm told, whose offices are named; `unasked` are the schemes that nothing is asked for, and why.
    """
    edition = catalogue.rulebook.scheme_at(decision["scheme"], as_of)
    scheme, extra = edition.scheme, decision["extra"]
    recipient, until = decision["recipient"], last_day_of_rules(decision)
    is_held = decision["status"] in ("eligible", "needs_decision", "applies")
    deadlines = decision["deadlines"] if is_held or decision["status"] == "needs_information" else None
    last_days = [one for one in (until and date.fromisoformat(until), first_to_close(deadlines, as_of)) if one]
    why_unasked = _why_unasked(unasked, decision, lang)
    misses = decision["near_miss"]
    near = [one for one in misses if one.get("within_reach", True)]
    return Card(
        slug=scheme.slug,
        day=as_of.isoformat(),
        name=name_of(scheme, decision, lang),
        summary=scheme.summary.get(lang),
        status=decision["status"],
        recipient=recipient,
        ends=min(last_days, default=None),
        department=scheme.department.get(lang),
        amount=_amount(scheme, decision, lang, bool(unreckoned)),
        payee=_payee(edition, decision, lang),
        own=own_words(edition, decision["status"], extra, lang),
        until=_until(until, as_of, lang) if is_held else None,
        why=why_unasked or _why(catalogue, scheme, decision, lang),
        outputs=outputs_text(edition, extra, lang),
        reasons=reason(catalogue, decision["reasons"], lang) if decision["reasons"] else None,
        gauges=gauges(catalogue, decision["reasons"], lang),
        arithmetic=tuple(line[lang] for line in decision["arithmetic"]),
        missing=tuple(_missing(catalogue, fact, lang) for fact in decision["missing"]),
        near_misses=tuple(near_miss(catalogue, near, lang) for near in near),
        far_misses=tuple(near_miss(catalogue, far, lang) for far in misses if far not in near),
        warnings=tuple(w["text"][lang] for w in decision["warnings"] if w["code"] != _IN_PART),
        in_part=tuple(w["text"][lang] for w in decision["warnings"] if w["code"] == _IN_PART),
        bring=tuple(paper.get(lang) for paper in scheme.evidence),
        where=scheme.channel.get(lang) if scheme.channel else scheme.department.get(lang),
        measures=_measures(scheme, lang),
        confidence=sentences.say(site_labels.CONFIDENCE[decision["confidence"]], lang)
        if decision["confidence"] and decision["status"] not in _WITHOUT_RULES
        else None,
        reckoned_by=tuple(_missing(catalogue, fact, lang) for fact in unreckoned),
        is_carried=is_carried(catalogue, decision),
        deadlines=said_days(deadlines, as_of, lang),
        contacts=tuple(one.get(lang) for one in contacts(catalogue.rulebook, scheme, district)),
        last_terms=_of_last_terms(decision, "text", lang),
        last_gave=_last_status(decision) in ("eligible", "needs_decision"),
        awaits=_of_last_terms(decision, "awaits", lang),
        item=decision["item"]["id"] if "item" in decision else None,
        item_name=item_label(decision, lang),
        is_unasked=bool(why_unasked),
    )


def _last_status(decision: DecisionRecord) -> Status | None:
    known = decision["last_known"]
    return known["status"] if known else None


def _of_last_terms(decision: DecisionRecord, key: Literal["text", "awaits"], lang: str) -> str | None:
    known = decision["last_known"]
    said = known and known[key]
    return set_tight(said[lang], lang) if said else None


def _amount(scheme: Scheme, decision: DecisionRecord, lang: str, is_open: bool) -> Amount | None:
    stated = decision["amount"]
    is_money = scheme.kind == "support" and decision["recipient"] in _PAID
    if stated is None or (stated["kind"] == "none" and not is_money):
        return None
    if stated["kind"] == "none":
        return Amount(
            sentences.say("答了就能算出金额：", lang) if is_open else AMOUNT["none"].before.get(lang), "", "", ""
        )
    before, after = AMOUNT[stated["kind"]].before.get(lang), sentences.say("元", lang)
    if stated["kind"] == "range":
        low, high = (figures.bare_sum(figures.fen_of(stated[end])) for end in ("low", "high"))
        figure, after = (
            sentences.say("{low}到{high}", lang, "after “between”", low=low, high=high),
            sentences.say("元之间", lang),
        )
    else:
        figure = figures.bare_sum(figures.fen_of(stated["value"]))
    if decision["recipient"] == "firm_deferral":
        before = f"{sentences.say('缓缴', lang)} {before}"
    return Amount(before, figure, after, scheme.amount_means.get(lang))


def _payee(edition: SchemeEdition, decision: DecisionRecord, lang: str) -> str | None:
    """Who is paid, in a general sentence; nothing for a restriction, nor where the scheme's own words say it better."""
    scheme, recipient = edition.scheme, decision["recipient"]
    own = own_words(edition, decision["status"], decision["extra"], lang)
    if not recipient or scheme.kind == "restriction" or (own and words_are_whole(scheme, recipient)):
        return None
    is_service = scheme.kind == "service" and recipient.startswith("firm_")
    return sentences.say("这是服务，不涉及款项", lang) if is_service else RECIPIENT[recipient].page.get(lang)


def _until(until: str | None, as_of: date, lang: str) -> str:
    if until is None:
        return sentences.say("没有写明截止日", lang)
    left = (date.fromisoformat(until) - as_of).days
    key = (
        sentences.Sentence("这一版规定到{day}止，只剩{left}")
        if 0 <= left <= _SOON_DAYS
        else sentences.Sentence("这一版规定到{day}止")
    )
    return sentences.say(key, lang, day=figures.day(until, lang), left=sentences.count(lang, left, "day"))


def _why(catalogue: Catalogue, scheme: Scheme, decision: DecisionRecord, lang: str) -> str:
    status = decision["status"]
    if decision["reason"] is not None and status == "not_open":
        return sentences.say(site_labels.WHY_NOT_OPEN[decision["reason"]], lang)
    if status == "not_eligible":
        return _why_not(catalogue, decision, lang)
    labels = [catalogue.fact(fact).label.get(lang) for fact in decision["missing"]]
    shown = sentences.listed(labels[:3], lang) + (_more(len(labels), "fact", lang) if len(labels) > 3 else "")
    if status == "needs_decision" and not is_carried(catalogue, decision):
        return sentences.say(
            "要先由{department}选上或列入名单；填的情况里没有哪一项说明贵单位够得上",
            lang,
            department=scheme.department.get(lang),
        )
    is_open_to_all = status == "eligible" and scheme.kind == "service" and not _tests(decision["reasons"])
    key = sentences.Sentence("谁都可以去办") if is_open_to_all else site_labels.WHY[status]
    return sentences.say(key, lang, facts=shown, department=scheme.department.get(lang))


def _why_unasked(unasked: Mapping[str, Text], decision: DecisionRecord, lang: str) -> str:
    """Why nothing is asked for an open scheme; empty where it is asked for."""
    because = unasked.get(decision["scheme"])
    if because is None or decision["status"] != "needs_information":
        return ""
    return sentences.say("{because}，所以没有问", lang, because=because.get(lang))


def _why_not(catalogue: Catalogue, decision: DecisionRecord, lang: str) -> str:
    """The failing condition that is easiest to mend, else the first; where the tree names none, the first fact blamed."""
    tree, near = decision["reasons"], decision["near_miss"]
    easiest = {change["fact"] for change in near[0]["changes"]} if near else set()
    nodes = sorted(decisive(tree), key=lambda node: node["fact"] not in easiest) if tree else []
    failed = list(dict.fromkeys(node["text"][lang] for node in nodes))
    failed = failed or [catalogue.fact(fact).label.get(lang) for fact in decision["failing"]]
    if not failed:
        return sentences.say("有条件不满足", lang)
    more = _more(len(failed), "condition", lang) if len(failed) > 1 else ""
    return sentences.say("不满足“{text}”", lang, text=failed[0]) + more


def _tests(tree: ReasonRecord | None) -> bool:
    """Whether any condition of the tree asks for a fact."""
    return tree is not None and (bool(tree["fact"]) or any(_tests(child) for child in tree["children"]))


def _more(number: int, noun: str, lang: str) -> str:
    return sentences.say("，等{count}", lang, count=sentences.count(lang, number, noun))


def _missing(catalogue: Catalogue, fact_id: str, lang: str) -> Missing:
    field = field_name(fact_id) if fact_id in catalogue.asked(()) else None
    label = catalogue.fact(fact_id).label.get(lang)
    return Missing(fact_id, label[:1].upper() + label[1:], field)


def _measures(scheme: Scheme, lang: str) -> str | None:
    if not scheme.measures:
        return None
    return sentences.say(
        "第{numbers}条措施", lang, numbers=sentences.listed([str(number) for number in scheme.measures], lang)
    )
