"""Runs the proof of the rules and tells what it found: what is wrong, what is accepted with its reason, what stays open."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from matcher.cli import BAD_INPUT, faults_text, load_rulebook, progress, read_asked
from matcher.places import rules_dir
from matcher.rulebook import Rulebook, RulebookError
from matcher.text import sentences
from matcher.workbench.prove import Exceptions, Finding, Proof, read_exceptions, read_places, solver_installed

_NO_SOLVER = {
    "zh": "证明需要求解器 z3，尚未安装。请运行：pip install 'eligibility-matcher[prove]'",
    "en": "Proving needs the solver z3, which is not installed. Run: pip install 'eligibility-matcher[prove]'",
}


def run(schemes: Sequence[str], every: int, as_json: bool, lang: str) -> int:
    """Prove, print, and return the exit status: 0 clean, 1 with findings, 2 where it cannot be asked."""
    if not solver_installed():
        click.echo(_NO_SOLVER[lang], err=True)
        return BAD_INPUT
    rulebook = load_rulebook()
    asked = read_asked(rulebook, None, schemes)
    if asked.faults:
        click.echo(faults_text("--scheme", asked.faults, lang), err=True)
        return BAD_INPUT
    try:
        exceptions = read_exceptions(rules_dir())
    except RulebookError as error:
        click.echo(str(error), err=True)
        return BAD_INPUT
    return _prove(rulebook, exceptions, asked.schemes, every, as_json, lang)


def _prove(
    rulebook: Rulebook, exceptions: Exceptions, schemes: Sequence[str] | None, every: int, as_json: bool, lang: str
) -> int:
    from matcher.workbench.prove import prove  # imports the solver

    folder: Path = rules_dir()
    with progress(len(rulebook.parsed), sentences.say("已证明政策", lang)) as advance:
        proof = prove(rulebook, read_places(folder), schemes, every, advance)
    faults = [one for one in proof.findings.values() if one.id not in exceptions.reasons]
    looked_at = schemes or [*rulebook.parsed, *(relation.id for relation in rulebook.relations)]
    stale = exceptions.unused(proof.findings, looked_at) if every == 1 else []
    if as_json:
        click.echo(json.dumps(_json(rulebook, proof, exceptions, faults, stale), ensure_ascii=False))
    else:
        click.echo("\n".join(_text(rulebook, proof, exceptions, faults, stale, lang)))
    return 1 if faults or stale else 0


def _json(
    rulebook: Rulebook, proof: Proof, exceptions: Exceptions, faults: list[Finding], stale: list[str]
) -> dict[str, Any]:
    accepted = [one for one in proof.findings.values() if one.id in exceptions.reasons]
    return {
        "editions": proof.editions,
        "questions": proof.questions,
        "findings": [one.to_json(rulebook) for one in faults],
        "accepted": [{**one.to_json(rulebook), "reason": exceptions.reasons[one.id].model_dump()} for one in accepted],
        "not_proved": [one.to_json(rulebook) for one in proof.open.values()],
        "reasons_without_finding": stale,
    }


def _text(
    rulebook: Rulebook, proof: Proof, exceptions: Exceptions, faults: list[Finding], stale: list[str], lang: str
) -> Iterator[str]:
    zh = lang != "en"
    for one in faults:
        yield from _finding(rulebook, one, sentences.say("问题", lang), lang)
    for one in proof.findings.values():
        if one.id in exceptions.reasons:
            yield from _finding(rulebook, one, sentences.say("已接受", lang), lang)
            yield f"    {exceptions.reasons[one.id].get(lang)}"
    for one in proof.open.values():
        yield from _finding(rulebook, one, sentences.say("未能证明是否", lang), lang)
    for name in stale:
        yield (sentences.say("prove.yaml：{name}已不存在，请删去该条", lang, name=name))
    count = (proof.editions, proof.questions, len(faults), len(proof.findings) - len(faults), len(proof.open))
    yield (
        "{} 个版本，{} 个问题：{} 个问题待处理，{} 个已接受，{} 个未能证明".format(*count)
        if zh
        else "{} editions, {} questions: {} findings, {} accepted, {} not proved".format(*count)
    )


def _finding(rulebook: Rulebook, finding: Finding, word: str, lang: str) -> Iterator[str]:
    yield f"{finding.file}:{finding.line}: {word}: {finding.text.get(lang)}  [{finding.id}]"
    told = finding.told(rulebook)
    if told is not None:
        firm = json.dumps({"as_of": finding.day.isoformat(), "facts": told}, ensure_ascii=False)
        yield f"    {'例' if lang != 'en' else 'for example'}: {firm}"
