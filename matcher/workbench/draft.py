"""`matcher rules draft`: the file of a scheme with its next version begun, in a copy of the rules that can be tried."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NoReturn

import click
import yaml

from matcher.cli import BAD_INPUT, faults_text, lang_option, load_rulebook, read_asked, rules_option, wrap
from matcher.engine import terms_on
from matcher.firms import read_date
from matcher.places import rules_dir
from matcher.rulebook import PLACEHOLDER, Rulebook, Text, decode, places_of, read_bytes, read_text
from matcher.text import sentences

_DEFAULT = "draft"


@click.command("draft")
@click.argument("scheme", metavar="SCHEME")
@click.option(
    "--from",
    "first",
    metavar="DATE",
    help="First day of the new version; else the day after the last terms / 新版本的第一天",
)
@click.option("--until", "last", metavar="DATE", help="Its last day, where it is known / 最后一天，知道的话")
@click.option(
    "-o",
    "output",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=_DEFAULT,
    show_default=True,
    help="A copy of the rules to write it into; made where it does not exist / 写到这个规则副本里，没有就新建",
)
@rules_option
@lang_option
def draft(scheme: str, first: str | None, last: str | None, output: Path, lang: str) -> None:
    """Begin the next version of SCHEME: its file in DIR, after the last terms, with what must be filled in marked 待填.

    Fill it in, then try it: `matcher rules check --rules DIR`. The rules in use stay as they are.
    """
    rulebook = load_rulebook()
    faults = read_asked(rulebook, None, (scheme,)).faults
    if faults:
        click.echo(faults_text("draft", faults, lang), err=True)
        raise SystemExit(BAD_INPUT)
    days = [_day(name, told, lang) for name, told in (("--from", first), ("--until", last))]
    name = next(rules_dir().glob(f"schemes/**/{scheme}.yaml")).relative_to(rules_dir())
    target = _target(output, name, lang)
    source = target if target.is_file() else rules_dir() / name
    text = decode(read_bytes(source, name.as_posix()), name.as_posix())
    if PLACEHOLDER in text:
        _refuse(
            f"{target}里已经有草稿（写着“{PLACEHOLDER}”），先填完或删去",
            f"{target} has a draft already ({PLACEHOLDER} stands in it): fill it in first, or delete the file",
            lang,
        )
    try:
        written = next_version(text, name.as_posix(), *days)
    except DraftError as error:
        _refuse(error.text.zh, error.text.en, lang)
    notes = list(_notes(rulebook, scheme, written, lang))
    if not output.exists():
        shutil.copytree(rules_dir(), output)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(written.text, encoding="utf-8")
    count = written.text.count(f"{PLACEHOLDER}：")
    click.echo(
        f"已写入 {target}：{count}处待填"
        if lang == "zh"
        else f"wrote {target}: {count} places to fill in ({PLACEHOLDER})"
    )
    click.echo("\n".join([*notes, *_steps(scheme, written, output, lang)]))


def _day(option: str, told: str | None, lang: str) -> date | None:
    day = None if told is None else read_date(told)
    if isinstance(day, Text):
        _refuse(f"{option}：{day.zh}", f"{option}: {day.en}", lang)
    return day


def _target(output: Path, name: Path, lang: str) -> Path:
    """The scheme's file in the copy of the rules; a folder that is none, or the rules in use, is refused."""
    if output.exists() and not (output / "schemes").is_dir():
        _refuse(f"{output}不是规则目录：另给一个新目录", f"{output} is no folder of rules: give a new folder", lang)
    if output.exists() and output.samefile(rules_dir()):
        _refuse(
            "草稿不写进正在用的规则：用-o给一个新目录",
            "a draft is not written into the rules in use: give a new folder with -o",
            lang,
        )
    return output / name


def _refuse(zh: str, en: str, lang: str) -> NoReturn:
    click.echo(zh if lang == "zh" else en, err=True)
    raise SystemExit(BAD_INPUT)


# ---------------------------------------------------------------------------------------------------------------------
# The text of the scheme's file with its next version: what stands there stays letter by letter, but for the days that
# the new version moves.
# ---------------------------------------------------------------------------------------------------------------------


class DraftError(ValueError):
    """A version that cannot be begun; ``text`` says why and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh=zh, en=en)


@dataclass(frozen=True, slots=True)
class NextVersion:
    """The file's new text, and the first day of the new version and the last of the one that it follows (None: it goes on)."""

    text: str
    first: date
    before: date | None


@dataclass(slots=True)
class _Edits:
    """Replacements in a text by where they stand in it."""

    text: str
    offset: int = 0  # where the text begins in the one that the nodes were read from
    found: list[tuple[int, int, str]] = field(default_factory=list)

    def put(self, node: Any, new: str) -> None:
        self.found.append((node.start_mark.index - self.offset, node.end_mark.index - self.offset, new))

    def insert(self, at: int, new: str) -> None:
        self.found.append((at, at, new))

    def done(self) -> str:
        text = self.text
        for start, end, new in sorted(self.found, key=lambda one: -one[0]):
            text = text[:start] + new + text[end:]
        return text


def next_version(text: str, name: str, first: date | None = None, last: date | None = None) -> NextVersion:
    """The scheme file ``text`` (called ``name`` in messages) with a version begun that follows its last one with rules.

    Its first day is ``first``, else the day after the last terms or the first that is not confirmed; an unconfirmed rest moves behind
    it. Days of the rules that end with the last terms end with the new version. Raises DraftError, RulebookError.
    """
    data, root = read_text(text, name).data, _keys(yaml.compose(text, Loader=yaml.SafeLoader))
    versions, nodes = data["versions"], root["versions"].value
    index = max((place for place, one in enumerate(versions) if "state" not in one), default=None)
    if index is None:
        raise DraftError(
            "这项政策还没有写过规则：照README新增一项", "the scheme never had rules: add them as README.md says"
        )
    base, rest = versions[index], versions[index + 1 :]
    first = first or _next_day(base, rest)
    _must_fit(first, last, base, rest)
    edits = _Edits(text)
    end = "until" if last is None else last.isoformat()
    filled = _placeholder("最后一天", "last day") if last is None else end
    after = _placeholder("最后一天的次日", "the day after the last") if last is None else _iso(last + timedelta(days=1))
    new = _version(base, first, filled, is_sourced="days_ground" not in data)
    here = nodes[-1]
    if not rest:
        if base.get("until") is None or base["until"] >= first:
            _set_last(edits, here, _iso(first - timedelta(days=1)))
        edits.insert(_end_of(text, here), new)
    else:
        _begin_before_tail(edits, here, rest[-1], first, new, after)
    _move_days(edits, root, base.get("until"), filled)
    head = _head(name, first)
    return NextVersion(head + edits.done(), first, base.get("until"))


def _next_day(base: dict[str, Any], rest: list[dict[str, Any]]) -> date:
    day = rest[-1].get("from") if rest else None
    if day is None and base.get("until") is not None:
        day = base["until"] + timedelta(days=1)
    if day is None:
        raise DraftError(
            "上一版没有写最后一天：用--from给出新版本的第一天",
            "the last version has no last day: give the first day of the new one with --from",
        )
    found: date = day
    return found


def _must_fit(first: date, last: date | None, base: dict[str, Any], rest: list[dict[str, Any]]) -> None:
    if last is not None and last < first:
        raise DraftError(f"--until {last}早于第一天{first}", f"--until {last} lies before the first day, {first}")
    earliest = (rest[-1] if rest else base).get("from")
    if (earliest is not None and first < earliest) or (not rest and first == earliest):
        raise DraftError(
            f"新版本从{first}开始，早于或等于现有最后一版的第一天{earliest}：用--from给出以后的日子，或直接改那一版",
            f"the new version would begin on {first}, "
            f"not after the last one's first day, {earliest}: give a later --from, or edit that one",
        )
    if not rest and base.get("until") is not None and first > base["until"] + timedelta(days=1):
        raise DraftError(
            f"{base['until']}之后到{first}之间会有空档：--from写{base['until'] + timedelta(days=1)}",
            f"there would be a gap after {base['until']}: write --from {base['until'] + timedelta(days=1)}",
        )


def _begin_before_tail(edits: _Edits, here: Any, tail: dict[str, Any], first: date, new: str, after: str) -> None:
    """What was not confirmed (or not open) ends before the new version and goes on after it, with a note of its own."""
    keys, start, end = _keys(here), _start_of(edits.text, here), _end_of(edits.text, here)
    if tail.get("from") is not None and first > tail["from"]:
        later = _Edits(edits.text[start:end], offset=start)
        _go_on(later, keys, after)
        _set_last(edits, here, _iso(first - timedelta(days=1)))
        edits.insert(end, new + later.done())
    else:
        _go_on(edits, keys, after)
        edits.insert(start, new)


def _go_on(edits: _Edits, keys: dict[str, Any], after: str) -> None:
    edits.put(keys["from"], after)
    if "note" in keys:
        edits.put(keys["note"], f'"{_placeholder("此后还不知道什么", "what is not known from then on")}"')


def _set_last(edits: _Edits, version: Any, last: str) -> None:
    keys = _keys(version)
    if "until" in keys:
        edits.put(keys["until"], last)
    else:
        edits.insert(keys["from"].end_mark.index, f", until: {last}" if version.flow_style else f"\n    until: {last}")


def _move_days(edits: _Edits, root: dict[str, Any], before: date | None, filled: str) -> None:
    """Wherever the last rules end with the last terms, they end with the new version."""
    if before is None or "rules" not in root or not root["rules"].value:
        return
    pending = [root["rules"].value[-1]]
    while pending:
        node = pending.pop()
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == "until" and getattr(value, "value", "") == before.isoformat():
                    edits.put(value, filled)
                pending.append(value)
        elif isinstance(node, yaml.SequenceNode):
            pending += node.value


def _version(base: dict[str, Any], first: date, last: str, *, is_sourced: bool) -> str:
    lines = [
        f"  - from: {first.isoformat()}",
        f"    until: {last}",
        f'    instrument: "{_placeholder("新通知的文号", "the number of the new notice")}"',
        f"    grade: {base.get('grade') or 'full'}",
    ]
    if is_sourced:
        where = _placeholder("起止日见于哪一条，如example-2026-1#第四条", "instrument#article in which the day stands")
        lines.append(f'    source: {{from: "{where}", until: "{where}"}}')
    lines += list(_deadlines(base.get("deadlines") or []))
    if "no_deadline" in base:
        zh, en = (json.dumps(base["no_deadline"][lang], ensure_ascii=False) for lang in ("zh", "en"))
        lines.append(f"    no_deadline: {{zh: {zh}, en: {en}}}")
    return "\n".join(lines) + "\n"


def _deadlines(days: list[dict[str, Any]]) -> Iterator[str]:
    """The days of the last round, to be written anew; how a day comes again stays as it was."""
    if days:
        yield "    deadlines:"
    for one in days:
        zh, en = (json.dumps(one["what"][lang], ensure_ascii=False) for lang in ("zh", "en"))
        yield f"      - what: {{zh: {zh}, en: {en}}}"
        for key in ("opens", "closes"):
            if key in one:
                yield f"        {key}: {_placeholder(f'上一轮是{one[key]}', f'{one[key]} in the last round')}"
        for key in ("recurs", "within"):
            if key in one:
                yield f"        {key}: {{{', '.join(f'{name}: {value}' for name, value in one[key].items())}}}"
        yield f'        source: "{_placeholder("截止日写在哪里", "where the day is written")}"'
        yield f"        confidence: {one.get('confidence') or 'medium'}"


def _placeholder(zh: str, en: str) -> str:
    return f"{PLACEHOLDER}：{zh} / {en}"


def _head(name: str, first: date) -> str:
    return (
        f"# 草稿：自{first}起的新版本。把写着“{PLACEHOLDER}”的地方填好；条件或金额变了，就把rules里最后一段在前一天截断，再写一段新的。\n"
        f"# DRAFT of the version from {first}: fill in what is marked; where terms change, end the last rules the day before and\n"
        "# write new ones after them. 填好后删去这三行。Then delete these three lines.\n"
    )


def _iso(day: date) -> str:
    return day.isoformat()


def _keys(node: Any) -> dict[str, Any]:
    """The values of a mapping node by their keys."""
    return {key.value: value for key, value in node.value}


def _start_of(text: str, item: Any) -> int:
    """Where the line of a list's item begins."""
    return text.rfind("\n", 0, item.start_mark.index) + 1


def _end_of(text: str, item: Any) -> int:
    """Where the line after a list's item begins."""
    end: int = item.end_mark.index
    if end and text[end - 1] == "\n":  # a block ends where the next begins
        return text.rfind("\n", 0, end) + 1
    line = text.find("\n", end)
    return len(text) if line < 0 else line + 1


# ---------------------------------------------------------------------------------------------------------------------
# What is to be done beside the file: the notice, the figures that end, and the way to try it.
# ---------------------------------------------------------------------------------------------------------------------


def _notes(rulebook: Rulebook, slug: str, written: NextVersion, lang: str) -> Iterator[str]:
    """What is awaited, and the figures that have no value on the new version's first day, each with its place."""
    awaited = next((one.awaits for one in rulebook.schemes[slug].versions if one.awaits), None)
    if awaited is not None:
        yield from wrap(awaited.get(lang), sentences.say("在等：", lang))
    known = terms_on(rulebook, slug, written.first)
    if known is None:
        return
    ending = [one.id for one in known.edition.figures if rulebook.parameters[one.id].on(written.first) is None]
    if not ending:
        return
    places = places_of(rules_dir(), "parameters")
    if lang == "zh":
        yield f"这些数字没有{written.first}的值，照新通知各加一段："
    else:
        yield f"these figures have no value on {written.first}: add one to each, from the new notice:"
    for name in ending:
        file, line = places[name]
        yield f"  {file}:{line} {name}"


def _steps(slug: str, written: NextVersion, output: Path, lang: str) -> Iterator[str]:
    zh = lang == "zh"
    yield sentences.say("接着：", lang)
    if zh:
        yield "  1. 在instruments里加上新通知和要依据的原句（README第1步），填好“待填”"
    else:
        yield "  1. add the new notice and the words you rest on to instruments (step 1 of rules/README.md), and fill in what is marked"
    yield f"  2. matcher rules check --rules {output}"
    yield f"  3. matcher rules show {slug} --as-of {written.first} --rules {output}"
    yield f"  4. matcher rules diff {written.first} {output}@{written.first} --scheme {slug}"
