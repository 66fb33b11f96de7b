"""Write a profile's decisions, or its faults, as text that a person reads in an eighty-column terminal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from matcher.engine import (
    ChangeRecord,
    DecisionRecord,
    Item,
    NearMissRecord,
    ReasonRecord,
    contacts,
    last_day_of_rules,
    said_days,
)
from matcher.firms import Fault, Remark
from matcher.rulebook import Fact, Rulebook
from matcher.text import ORDER_OF_USE, RECIPIENT, STATUS, day, outputs_text, punctuation, sentences

from . import wording
from .options import columns, wrap


def decisions_text(
    rulebook: Rulebook, answer: Mapping[str, Any], lang: str, *, district: str | None = None, in_full: bool = False
) -> str:
    """Return the answer of `check` (its JSON) in words: a summary, then one block for each scheme, what can be used first.

    A block says what was decided, how much to whom, by when and where, and of a refusal what fails; `in_full` everything.
    `district`: the one the firm told, whose offices are named.
    """
    lines = [f"{answer['id']} · {answer['as_of']} · {_edition(rulebook, lang)}"]
    counts = Counter(decision["status"] for decision in answer["decisions"])
    found = [(STATUS[status], counts[status]) for status in ORDER_OF_USE if counts[status]]
    lines += (
        wrap("   ".join(f"{words.mark} {words.short.get(lang)} {number}" for words, number in found)) if found else []
    )
    for remark in answer.get("warnings", ()):
        lines += _labelled("warning", remark["text"][lang], lang, indent="")
    as_of = date.fromisoformat(answer["as_of"])
    for decision in sorted(answer["decisions"], key=lambda one: ORDER_OF_USE.index(one["status"])):
        lines += ["", *_Block(rulebook, decision, as_of, lang, district, in_full).lines()]
    if len((answer.get("bundle") or {}).get("chosen", ())) > 1:
        chosen = answer["bundle"]["text"][lang]
        lines += ["", *_labelled("bundle", chosen if in_full else _OBJECT.sub("", chosen), lang, indent="")]
    return "\n".join(lines)


def _edition(rulebook: Rulebook, lang: str) -> str:
    return f"规则版本 {rulebook.hash[:12]}" if lang == "zh" else f"rulebook {rulebook.hash[:12]}"


def faults_text(name: str, faults: Sequence[Fault], lang: str) -> str:
    """Return every fault of a profile, each with its line where known, what stands there and what to do."""
    head = sentences.say("{name}：有{number}处问题，未作判断", lang, name=name, number=len(faults))
    lines = wrap(head)
    for fault in faults:
        where = "" if fault.line is None else (sentences.say("第{line}行 ", lang, line=fault.line))
        given = f" = {fault.value}" if fault.value else ""
        lines += wrap(f"{where}{fault.field}{given}", "  ✗ ")
        lines += wrap(fault.text.get(lang), "      ")
    return "\n".join(lines)


def remarks_text(remarks: Iterable[Remark], lang: str) -> str:
    """Return remarks on an input that is used, one paragraph each."""
    return "\n".join(line for remark in remarks for line in _labelled("warning", remark.text.get(lang), lang, ""))


def _labelled(name: str, text: str, lang: str, indent: str = "  ") -> list[str]:
    head = f"{indent}{wording.label(name, lang)}{punctuation(lang).colon}"
    return wrap(text, head, " " * (len(indent) + 2))


# What an offer is for, in square brackets: of one firm's profile there is one of each kind.
_OBJECT = re.compile(r" ?\[[a-z]+-[\w-]+\]", re.ASCII)

_FEW = 5  # questions that are shown unless everything is

_IN_PART = "version_in_part"  # the warning of very many: only in full

_ON_THE_RULES = ("version_caution", "figure_unconfirmed", "figure_to_confirm")

_TO_DO = ("eligible", "needs_decision", "needs_information")


class _Block:
    """Writes one decision."""

    def __init__(
        self, rulebook: Rulebook, decision: DecisionRecord, as_of: date, lang: str, district: str | None, in_full: bool
    ) -> None:
        self.rulebook, self.decision, self.as_of, self.lang = rulebook, decision, as_of, lang
        self.district, self.in_full = district, in_full
        self.edition = rulebook.scheme_at(decision["scheme"], as_of)
        self.scheme = self.edition.scheme

    def lines(self) -> Iterator[str]:
        decision, lang, scheme = self.decision, self.lang, self.scheme
        status = decision["status"]
        head = f"{STATUS[status].mark} {STATUS[status].short.get(lang)}  "
        yield from wrap(f"{scheme.name.get(lang)}{self._item()} ({scheme.slug})", head, "  ")
        if status == "applies":
            yield from _labelled("duty", scheme.summary.get(lang), lang)
        yield from self._why_closed()
        yield from self._money()
        yield from self._missing()
        yield from self._failing()
        yield from self._near_misses()
        yield from self._last_known()
        yield from self._days()
        yield from self._offices()
        for warning in decision["warnings"]:
            if self.in_full or not self._goes_without_saying(warning["code"]):
                yield from _labelled("warning", warning["text"][lang], lang)
        if self.in_full:
            for line in decision["arithmetic"]:
                yield from _labelled("arithmetic", line[lang], lang)
            yield from self._reasons()

    def _goes_without_saying(self, code: str) -> bool:
        """Whether a warning is left out of the short form: how sure the rules are matters where there is something to do."""
        return code == _IN_PART or (self.decision["status"] not in (*_TO_DO, "applies") and code in _ON_THE_RULES)

    def _item(self) -> str:
        """Which of several the decision is about: “：设备贷款”."""
        told = self.decision.get("item")
        if not told:
            return ""
        label = Item(told["kind"], told["id"], name=told["name"]).label.get(self.lang)
        return f"：{label}" if self.lang == "zh" else f": {label}"

    def _why_closed(self) -> Iterator[str]:
        reason, version = self.decision["reason"], self.decision["version"]
        if not reason:
            return
        text = wording.word(wording.REASON, reason, self.lang)
        yield from _labelled("why", text, self.lang)
        if version and version["from"] and reason == "not_yet":
            yield from _labelled("version", day(version["from"], self.lang), self.lang)

    def _money(self) -> Iterator[str]:
        decision, lang = self.decision, self.lang
        amount, recipient = decision["amount"], decision["recipient"]
        is_money = self.scheme.kind != "service" and recipient != "firm_right"
        if amount and (is_money or amount["kind"] != "none"):
            meaning = self.scheme.amount_means.get(lang).rstrip("。.") if amount["kind"] != "none" else ""
            yield from _labelled("amount", wording.amount(amount, lang) + _explained(meaning, lang), lang)
        if recipient and (is_money or not recipient.startswith("firm_")):
            yield from _labelled("recipient", RECIPIENT[recipient].short.get(lang), lang)
        given = outputs_text(self.edition, decision["extra"], lang, tight=False)
        if given:
            colon, between = ("：", "；") if lang == "zh" else (": ", "; ")
            yield from _labelled("outputs", between.join(f"{label}{colon}{value}" for label, value in given), lang)

    def _days(self) -> Iterator[str]:
        """By when: the days to keep, and the last day of the rules."""
        if self.decision["status"] not in _TO_DO:
            return
        for line in said_days(self.decision["deadlines"], self.as_of, self.lang):
            yield from _labelled("days", line, self.lang)
        until = last_day_of_rules(self.decision)
        if until:
            last = day(until, self.lang)
            text = sentences.say("这一版规定到{last}止", self.lang, last=last)
            yield from _labelled("until", text, self.lang)

    def _offices(self) -> Iterator[str]:
        """Where to go, with the number to call; the department's own words where the rules know no office."""
        if self.decision["status"] not in (*_TO_DO, "applies", "unconfirmed"):
            return
        found = [one.get(self.lang) for one in contacts(self.rulebook, self.scheme, self.district)]
        department = self.scheme.department.get(self.lang)
        named = found if found and not self.in_full else [department, *found]
        yield from _labelled("department", punctuation(self.lang).semicolon.join(named), self.lang)

    def _failing(self) -> Iterator[str]:
        """Of a refusal the conditions that fail, each with its ground; in full they stand among the reasons."""
        tree = self.decision["reasons"]
        if self.decision["status"] != "not_eligible" or not tree or self.in_full:
            return
        yield f"  {wording.label('failing', self.lang)}{'：' if self.lang == 'zh' else ':'}"
        yield from self._failed(tree, "    ")

    def _failed(self, node: ReasonRecord, indent: str, *, is_alternative: bool = False) -> Iterator[str]:
        """What fails beneath a node; alternatives stand under their head, what must hold together does not."""
        children = node["children"]
        failed = [child for child in children if child["outcome"] is False]
        named = [child for child in failed if child["kind"] not in ("all", "any") or _fails_within(child)]
        if len(failed) == 1 or (failed and node["kind"] != "any" and not is_alternative):
            for child in named or failed:
                yield from self._failed(child, indent, is_alternative=is_alternative)
            return
        mark = f"{indent}{wording.OUTCOME[False]} "
        yield from wrap(node["text"][self.lang], mark)
        if not failed:
            yield from self._ground(node, " " * columns(mark))
        for child in failed:
            yield from self._failed(child, indent + "  ", is_alternative=node["kind"] == "any")

    def _reasons(self) -> Iterator[str]:
        tree = self.decision["reasons"]
        if tree:
            yield f"  {wording.label('reasons', self.lang)}{'：' if self.lang == 'zh' else ':'}"
            yield from self._tree(tree, "    ")

    def _tree(self, node: ReasonRecord, indent: str) -> Iterator[str]:
        """Write a condition and what it is made of, failing branches first, then what is not known."""
        mark = f"{indent}{wording.OUTCOME[node['outcome']]} "
        inner = " " * columns(mark)
        yield from wrap(node["text"][self.lang], mark)
        children = node["children"]
        if not children:
            yield from self._ground(node, inner)
        deeper = indent + "  " if len(indent) < 24 else indent
        for child in sorted(children, key=lambda child: (False, None, True).index(child["outcome"])):
            yield from self._tree(child, deeper)

    def _ground(self, node: ReasonRecord, indent: str) -> Iterator[str]:
        source = node["source"]
        quoted = f"“{node['says']}”" if node["says"] else ""
        cited = (source["instrument"], source["article"]) if source else ()
        ground = " ".join(part for part in (quoted, *cited) if part)
        if ground:
            yield from wrap(ground, indent)

    def _missing(self) -> Iterator[str]:
        missing = self.decision["missing"]
        for name in missing if self.in_full else missing[:_FEW]:
            fact = self.rulebook.facts.get(name)
            asked = (fact.question or fact.label).get(self.lang) if fact else ""
            yield from _labelled("missing", f"{asked} ({name})", self.lang)
        more = len(missing) - _FEW
        if more > 0 and not self.in_full:
            yield from _labelled("missing", sentences.say("另外还有{more}项", self.lang, more=more), self.lang)

    def _last_known(self) -> Iterator[str]:
        """Of a scheme that is not confirmed: what its last terms would have given, whom to ask, what is awaited."""
        known, lang = self.decision["last_known"], self.lang
        if not known:
            return
        yield from _labelled("last_known", known["text"][lang], lang)
        if known["awaits"]:
            yield from _labelled("awaits", known["awaits"][lang], lang)

    def _near_misses(self) -> Iterator[str]:
        for near in self.decision["near_miss"]:
            if self.in_full or near.get("within_reach", True):
                yield from _labelled("near", self._near_miss(near), self.lang)

    def _near_miss(self, near: NearMissRecord) -> str:
        changes = near["changes"]
        if near["on"]:  # what comes with time is said by the day alone
            changes = [one for one in changes if self.rulebook.facts[one["fact"]].advise != "date"]
        steps = [self._change(change) for change in changes]
        if near["on"]:
            on = day(near["on"], self.lang)
            steps.append(sentences.say("等到{on}", self.lang, on=on))
        reaches = STATUS[near["reaches"]].short.get(self.lang)
        joined = (sentences.say("，并且", self.lang)).join(steps)
        return sentences.say("{joined}，就是“{reaches}”", self.lang, joined=joined, reaches=reaches)

    def _change(self, change: ChangeRecord) -> str:
        fact: Fact | None = self.rulebook.facts.get(change["fact"])
        if fact is not None and fact.duty is not None:
            return fact.duty.get(self.lang)
        name = fact.label.get(self.lang) if fact else change["fact"]
        old, new = (wording.value(fact, change[end], self.lang) for end in ("from", "to"))
        return sentences.say("{name}由{old}变为{new}", self.lang, name=name, old=old, new=new)


def _fails_within(node: ReasonRecord) -> bool:
    return any(child["outcome"] is False for child in node["children"])


def _explained(meaning: str, lang: str) -> str:
    """What a sum is, behind it; in brackets unless it has some itself."""
    if not meaning:
        return ""
    if "（" in meaning or "(" in meaning:
        return f"，{meaning}" if lang == "zh" else f": {meaning}"
    return f"（{meaning}）" if lang == "zh" else f" ({meaning})"
