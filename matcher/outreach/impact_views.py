"""What other figures of the rules would change for a centre's firms: the figures of a scheme, an estimate, and all firms behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import get_args

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.accounts import me, reach, record, require
from matcher.db import enqueue_impact, reading, session
from matcher.population import Change, Impact, Named, with_figures
from matcher.presentation import catalogue, office
from matcher.rulebook import ParameterHistory
from matcher.text import desk_labels, figures, sentences, today, unit_of
from matcher.web import engine, language, now, page_number

from .impact_study import SAMPLE, Estimate, concerned, estimate, figures_of, new_study, schemes_with, studies
from .models import ImpactSide, ImpactStudy
from .views import NOT_FOUND, ON_A_PAGE, UNPROCESSABLE, pages, scheme_name, yuan_text

_LONGEST = 30

_HUNDRED = Decimal(100)

_KINDS = ("district", "size", "decile", "industry")


@dataclass(frozen=True, slots=True)
class FigureField:
    """A figure as a field: its id and words, what it is now in words and as typed, what was typed, its end and step on a slider, and
    what is wrong with what was typed."""

    id: str
    label: str
    unit: str
    current: str
    now: str
    typed: str
    most: str
    step: str
    fault: str | None = None

    @property
    def written(self) -> str:
        """What was typed, as the rules write it: a share of 1 for a percentage."""
        return _plain(Decimal(self.typed) / _HUNDRED) if self.unit == "%" else _plain(Decimal(self.typed))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table of changes. ``off``: by how much the change in yuan may be wrong; ``firms_between``: of a sample, the least and the
    most firms that gain, lose or have it otherwise."""

    name: str
    gained: int
    lost: int
    changed: int
    before: int
    after: int
    off: int = 0
    between: Mapping[str, tuple[int, int]] | None = None
    slug: str = ""

    @property
    def change(self) -> int:
        """Fen more, or less."""
        return self.after - self.before


@pages.get("/desk/impact")
@require("impact.see")
def impact() -> str | tuple[str, int]:
    """Choose a scheme, set its figures, and see on a sample what they would change."""
    return _form()


@pages.post("/desk/impact")
@require("impact.see")
def ask_impact() -> Response | str | tuple[str, int]:
    """Have it worked out for all firms; a worker does it."""
    fields = _fields(request.form)
    changed = _changed(fields)
    if not changed or any(one.fault for one in fields):
        return _form(request.form)
    with session(engine()) as writing:
        asked = new_study(writing, catalogue().rulebook, today(), changed, me().centre, int(me().id or 0), now())
        record(writing, "impact.asked", f"impact {asked.id}", schemes=asked.schemes, figures=asked.figures)
    enqueue_impact(int(asked.id or 0), office().instance)
    return redirect(url_for("desk_outreach.impact_study", study_id=asked.id), 303)


@pages.get("/desk/impact/<int:study_id>")
@require("impact.see")
def impact_study(study_id: int) -> str:
    """What a study came to, or how far it is."""
    standing = _study(study_id)
    found = Impact.from_json(standing.found["impact"]) if standing.found else Impact()
    return render_template(
        "desk/impact_study.html",
        study=standing,
        is_old=standing.rulebook_hash != catalogue().rulebook.hash,
        figures=list(_said_figures(standing.figures)),
        found=found,
        schemes=list(_of_schemes(found)),
        total=_row(sentences.say("合计", language.lang()), found.total),
        groups=list(_of_groups(found)),
        yuan=yuan_text,
    )


@pages.get("/desk/impact/<int:study_id>/firms")
@require("impact.see")
def impact_firms(study_id: int) -> str:
    """The firms that gain or lose a scheme, or have it otherwise, by name."""
    standing = _study(study_id)
    slug, side, page = request.args.get("scheme", ""), request.args.get("side", "gained"), page_number()
    if side not in get_args(ImpactSide) or (slug and slug not in standing.schemes):
        abort(NOT_FOUND)
    with session(engine()) as writing:
        rows = concerned(writing, study_id, slug, side, (page - 1) * ON_A_PAGE, ON_A_PAGE + 1)  # type: ignore[arg-type]
        record(writing, "impact.firms_seen", f"impact {study_id}", scheme=slug, firms=[firm.id for firm, _ in rows])
        shown = [(firm.id, firm.name, firm.credit_code, line.before, line.after) for firm, line in rows]
    return render_template(
        "desk/impact_firms.html",
        study=standing,
        slug=slug,
        side=side,
        name=scheme_name(slug),
        rows=shown[:ON_A_PAGE],
        page=page,
        has_more=len(shown) > ON_A_PAGE,
        yuan=yuan_text,
    )


def _study(study_id: int) -> ImpactStudy:
    """The study of this number, if it is the own centre's."""
    with reading(engine()) as opened:
        found = opened.get(ImpactStudy, study_id)
    if found is None:
        abort(NOT_FOUND)
    reach(found.centre)
    return found


def _form(told: Mapping[str, str] | None = None) -> str | tuple[str, int]:
    """The page: the choice of a scheme, its figures, and what they would change where any is another."""
    asked = request.args if told is None else told
    lang, rulebook, day = language.lang(), catalogue().rulebook, today()
    slug = asked.get("scheme", "")
    fields = _fields(asked)
    has_fault = any(one.fault for one in fields)
    changed = {} if has_fault else _changed(fields)
    found = estimate(engine(), rulebook, day, changed, me().centre) if changed else None
    with reading(engine()) as opened:
        earlier = [
            (one, sentences.listed(list(_said_figures(one.figures)), lang)) for one in studies(opened, me().centre)[:10]
        ]
    page = render_template(
        "desk/impact.html",
        slug=slug,
        name=scheme_name(slug) if fields else "",
        options=[
            (one, scheme.name.get(lang))
            for one, scheme in rulebook.schemes.items()
            if scheme.kind != "restriction" and figures_of(rulebook, one, day)
        ],
        fields=fields,
        asked=[(f"set.{one.id}", one.typed) for one in fields],
        same=told is not None or any(f"set.{one.id}" in asked for one in fields),
        changed=list(_said_figures(changed)),
        others=sentences.listed(
            [scheme_name(one) for one in schemes_with(rulebook, changed, day) if one != slug], lang
        ),
        found=found,
        schemes=list(_of_schemes(found.sample, found)) if found else (),
        total=_row(sentences.say("合计", lang), found.sample.total, found) if found else None,
        groups=list(_of_groups(found.sample, found)) if found else (),
        size=SAMPLE,
        studies=earlier,
        yuan=yuan_text,
    )
    return (page, UNPROCESSABLE) if has_fault else page


def _fields(asked: Mapping[str, str]) -> list[FigureField]:
    """The figures of the scheme that is asked for, with what was typed."""
    rulebook, slug = catalogue().rulebook, asked.get("scheme", "")
    if slug not in rulebook.schemes:
        return []
    every = figures_of(rulebook, slug, today())
    return [_field(name, history, asked.get(f"set.{name}")) for name, history in every.items()]


def _field(name: str, history: ParameterHistory, typed: str | None) -> FigureField:
    lang, parameter = language.lang(), history.parameter
    entry = history.on(today())
    assert entry is not None
    value, constant, _ = entry
    is_share = parameter.type == "rate"
    is_now = Decimal(str(value.value)) * (_HUNDRED if is_share else 1)
    text = _plain(is_now) if typed is None else typed.strip().replace(",", "")[:_LONGEST]
    most = _HUNDRED if is_share else max(is_now * 2, Decimal(10))
    step = Decimal(1) if most >= 100 or parameter.type == "integer" else Decimal("0.1")
    if most > 1000:
        step = Decimal(10) ** (most.adjusted() - 2)
    return FigureField(
        name,
        parameter.label.get(lang),
        unit_of(parameter, lang),
        figures.figure(constant.value, constant.type, lang),
        _plain(is_now),
        text,
        _plain(most),
        _plain(step),
        _wrong(text, parameter.type == "integer", is_share),
    )


def _wrong(text: str, is_whole: bool, is_share: bool) -> str | None:
    lang = language.lang()
    whole, _, rest = text.partition(".")
    if not (whole.isascii() and whole.isdecimal() and len(whole) <= 15 and (not rest or rest.isdecimal())):
        return sentences.say("填0以上的数字，如300", lang)
    if is_whole and rest.strip("0"):
        return sentences.say("填整数，如300", lang)
    if len(rest) > 6:
        return sentences.say("小数最多六位", lang)
    return sentences.say("不超过100", lang) if is_share and Decimal(text) > _HUNDRED else None


def _plain(value: Decimal) -> str:
    shown = f"{value:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _changed(fields: list[FigureField]) -> dict[str, str]:
    """The figures that are another than now, as the rules write them."""
    return {one.id: one.written for one in fields if not one.fault and Decimal(one.typed) != Decimal(one.now)}


def _said_figures(changed: Mapping[str, str]) -> Iterator[str]:
    """In words what each figure is now and would be."""
    lang, rulebook = language.lang(), catalogue().rulebook
    for name, written in changed.items():
        history = rulebook.parameters.get(name)
        if history is None:
            continue
        after = with_figures(rulebook, {name: written}).parameters[name]
        was, becomes = (one.on(today()) or one.values[-1] for one in (history, after))
        yield sentences.say(
            "{name}：现为{now}，改为{then}", lang, name=history.parameter.label.get(lang),
            now=figures.figure(was[1].value, was[1].type, lang), then=figures.figure(becomes[1].value, becomes[1].type, lang),
        )  # fmt: skip


def _of_schemes(found: Impact, sampled: Estimate | None = None) -> Iterator[Row]:
    """The schemes of which anything changes, the most money first."""
    rows = [
        _row(scheme_name(slug), one, sampled, slug)
        for slug, one in found.schemes.items()
        if one.gained or one.lost or one.changed
    ]
    yield from sorted(rows, key=lambda row: -abs(row.change))


def _of_groups(found: Impact, sampled: Estimate | None = None) -> Iterator[tuple[str, list[Row]]]:
    """By kind of group, the groups in which any firm is better or worse off."""
    lang, named = language.lang(), Named(catalogue().rulebook)
    for kind in _KINDS:
        groups = found.groups.get(kind, {})
        order = sorted(groups, key=lambda group: (len(group), group))
        rows = [
            _row(
                sentences.say("第{number}组", lang, number=group)
                if kind == "decile"
                else named.group(kind, group).get(lang),
                one,
                sampled,
                has_error=False,
            )
            for group in order
            if (one := groups[group]).gained or one.lost or one.changed
        ]
        if rows:
            yield sentences.say(desk_labels.IMPACT_GROUP[kind], lang), rows


def _row(name: str, one: Change, sampled: Estimate | None = None, slug: str = "", *, has_error: bool = True) -> Row:
    """A line; of a sample, scaled to all firms, with its error."""
    before, after = one.before + one.most_before, one.after + one.most_after
    if sampled is None:
        return Row(name, one.gained, one.lost, one.changed, before, after, slug=slug)
    sides: tuple[str, ...] = get_args(ImpactSide)
    gained, lost, changed = (sampled.scaled(getattr(one, side)) for side in sides)
    row = Row(name, gained, lost, changed, sampled.scaled(before), sampled.scaled(after), slug=slug)
    if not has_error:
        return row
    between = {side: sampled.firms(getattr(one, side)) for side in sides}
    return replace(row, off=sampled.fen_off(slug, one.after - one.before), between=between)
