"""Write a profile's decisions, or its faults, as text that a person reads in an eighty-column terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from matcher.firms import Fault, Remark
from matcher.rulebook import Fact, Rulebook, Status
from matcher.text import RECIPIENT, STATUS, outputs_text

from . import wording
from .options import columns, wrap

Json = Mapping[str, Any]


def decisions_text(rulebook: Rulebook, answer: Json, lang: str) -> str:
    """Return the answer of `check` (its JSON) in words: a summary, then one block for each scheme."""
    lines = [f"{answer['id']} · {answer['as_of']} · {_edition(rulebook, lang)}"]
    counts = Counter(decision["status"] for decision in answer["decisions"])
    summary = (
        f"{words.mark} {words.short.get(lang)} {counts[status]}" for status, words in STATUS.items() if counts[status]
    )
    lines += wrap("   ".join(summary)) if counts else []
    for remark in answer.get("warnings", ()):
        lines += _labelled("warning", remark["text"][lang], lang, indent="")
    as_of = date.fromisoformat(answer["as_of"])
    for decision in answer["decisions"]:
        lines += ["", *_Block(rulebook, decision, as_of, lang).lines()]
    if len(answer.get("bundle", {}).get("chosen", ())) > 1:
        lines += ["", *_labelled("bundle", answer["bundle"]["text"][lang], lang, indent="")]
    return "\n".join(lines)


def _edition(rulebook: Rulebook, lang: str) -> str:
    return f"规则版本 {rulebook.hash[:12]}" if lang == "zh" else f"rulebook {rulebook.hash[:12]}"


def faults_text(name: str, faults: Sequence[Fault], lang: str) -> str:
    """Return every fault of a profile, each with its line where known, what stands there and what to do."""
    head = (
        f"{name}：有 {len(faults)} 处问题，未作判断"
        if lang == "zh"
        else f"{name}: {len(faults)} fault(s), nothing decided"
    )
    lines = wrap(head)
    for fault in faults:
        where = "" if fault.line is None else (f"第 {fault.line} 行 " if lang == "zh" else f"line {fault.line} ")
        given = f" = {fault.value}" if fault.value else ""
        lines += wrap(f"{where}{fault.field}{given}", "  ✗ ")
        lines += wrap(fault.text.get(lang), "      ")
    return "\n".join(lines)


def remarks_text(remarks: Iterable[Remark], lang: str) -> str:
    """Return remarks on an input that is used, one paragraph each."""
    return "\n".join(line for remark in remarks for line in _labelled("warning", remark.text.get(lang), lang, ""))


def _labelled(name: str, text: str, lang: str, indent: str = "  ") -> list[str]:
    head = f"{indent}{wording.label(name, lang)}{'：' if lang == 'zh' else ': '}"
    return wrap(text, head, " " * (len(indent) + 2))


class _Block:
    """Writes one decision."""

    def __init__(self, rulebook: Rulebook, decision: Json, as_of: date, lang: str) -> None:
        self.rulebook, self.decision, self.lang = rulebook, decision, lang
        self.edition = rulebook.scheme_at(decision["scheme"], as_of)
        self.scheme = self.edition.scheme

    def lines(self) -> Iterator[str]:
        decision, lang, scheme = self.decision, self.lang, self.scheme
        status: Status = decision["status"]
        head = f"{STATUS[status].mark} {STATUS[status].short.get(lang)}  "
        yield from wrap(f"{scheme.name.get(lang)} ({scheme.slug})", head, "  ")
        yield from self._why_closed()
        yield from self._money()
        yield from self._reasons()
        yield from self._missing()
        yield from self._near_misses()
        yield from self._last_known()
        for warning in decision.get("warnings") or ():
            yield from _labelled("warning", warning["text"][lang], lang)
        if status in {"eligible", "needs_decision", "needs_information"}:
            yield from _labelled("department", scheme.department.get(lang), lang)

    def _why_closed(self) -> Iterator[str]:
        reason, version = self.decision.get("reason"), self.decision.get("version") or {}
        if not reason:
            return
        text = wording.word(wording.REASON, reason, self.lang)
        yield from _labelled("why", text, self.lang)
        begin, end = version.get("from"), version.get("until")
        if begin or end:
            yield from _labelled("version", f"{begin or '…'} — {end or '…'}", self.lang)

    def _money(self) -> Iterator[str]:
        decision, lang = self.decision, self.lang
        if decision.get("amount"):
            meaning = self.scheme.amount_means.get(lang) if decision["amount"]["kind"] != "none" else ""
            yield from _labelled("amount", wording.amount(decision["amount"], lang) + _bracketed(meaning, lang), lang)
            for line in decision.get("arithmetic") or ():
                yield from _labelled("arithmetic", line[lang], lang)
        if decision.get("recipient"):
            yield from _labelled("recipient", RECIPIENT[decision["recipient"]].short.get(lang), lang)
        given = outputs_text(self.edition, decision.get("extra") or {}, lang, tight=False)
        if given:
            colon, between = ("：", "；") if lang == "zh" else (": ", "; ")
            yield from _labelled("outputs", between.join(f"{label}{colon}{value}" for label, value in given), lang)

    def _reasons(self) -> Iterator[str]:
        if self.decision.get("reasons"):
            yield f"  {wording.label('reasons', self.lang)}{'：' if self.lang == 'zh' else ':'}"
            yield from self._tree(self.decision["reasons"], "    ")

    def _tree(self, node: Json, indent: str) -> Iterator[str]:
        """Write a condition and what it is made of, failing branches first, then what is not known."""
        mark = f"{indent}{wording.OUTCOME[node['outcome']]} "
        inner = " " * columns(mark)
        yield from wrap(node["text"][self.lang], mark)
        children = node.get("children") or ()
        if not children:
            yield from self._ground(node, inner)
        deeper = indent + "  " if len(indent) < 24 else indent
        for child in sorted(children, key=lambda child: (False, None, True).index(child["outcome"])):
            yield from self._tree(child, deeper)

    def _ground(self, node: Json, indent: str) -> Iterator[str]:
        source = node.get("source") or {}
        quoted = f"“{node['says']}”" if node.get("says") else ""
        ground = " ".join(part for part in (quoted, source.get("instrument"), source.get("article")) if part)
        if ground:
            yield from wrap(ground, indent)

    def _missing(self) -> Iterator[str]:
        for name in self.decision.get("missing") or ():
            fact = self.rulebook.facts.get(name)
            asked = (fact.question or fact.label).get(self.lang) if fact else ""
            yield from _labelled("missing", f"{asked} ({name})", self.lang)

    def _last_known(self) -> Iterator[str]:
        """Of an unconfirmed scheme the last terms: what they would have come to, whom to ask, what is awaited."""
        known, lang = self.decision.get("last_known"), self.lang
        if not known:
            return
        status = STATUS[known["status"]].short.get(lang)
        amount = wording.amount(known["amount"], lang) if known["amount"] else ""
        comma = "，" if lang == "zh" else ", "
        comes_to = comma.join(part for part in (status, amount) if part)
        day, instrument = known["as_of"], known["instrument"]
        text = (
            f"{day}时（{instrument}）：{comes_to}。现在的规定没有核实，不计入合计。"
            if lang == "zh"
            else f"as of {day} ({instrument}): {comes_to}. Not confirmed for now and in no total."
        )
        yield from _labelled("last_known", text, lang)
        yield from _labelled("department", known["ask"][lang], lang)
        if known["awaits"]:
            yield from _labelled("awaits", known["awaits"][lang], lang)

    def _near_misses(self) -> Iterator[str]:
        for near in self.decision.get("near_miss") or ():
            yield from _labelled("near", self._near_miss(near), self.lang)

    def _near_miss(self, near: Json) -> str:
        zh = self.lang == "zh"
        changes = near.get("changes") or ()
        if near.get("on"):  # what comes with time is said by the day alone
            changes = [one for one in changes if self.rulebook.facts[one["fact"]].advise != "date"]
        steps = [self._change(change) for change in changes]
        if near.get("on"):
            steps.append(f"等到 {near['on']}" if zh else f"wait until {near['on']}")
        reaches = STATUS[near["reaches"]].short.get(self.lang)
        joined = ("，并且" if zh else ", and ").join(steps)
        return f"{joined}，就是“{reaches}”" if zh else f"{joined}: then “{reaches}”"

    def _change(self, change: Json) -> str:
        fact: Fact | None = self.rulebook.facts.get(change["fact"])
        if fact is not None and fact.duty is not None:
            return fact.duty.get(self.lang)
        name = fact.label.get(self.lang) if fact else change["fact"]
        old, new = (wording.value(fact, change[end], self.lang) for end in ("from", "to"))
        return f"{name}由 {old} 变为 {new}" if self.lang == "zh" else f"{name} from {old} to {new}"


def _bracketed(text: str, lang: str) -> str:
    if not text:
        return ""
    return f"（{text}）" if lang == "zh" else f" ({text})"
