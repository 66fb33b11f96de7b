"""The self-check page: shows the form, decides what was posted, and gives the letter as a download."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from flask import Blueprint, Response, redirect, render_template, request, send_file

from matcher import letters
from matcher.engine import Decision, check
from matcher.rulebook import Scheme
from matcher.web import figures, language, words
from matcher.web.catalogue import Catalogue, catalogue
from matcher.web.forms import AS_OF, SCHEMES, SelfCheckForm, form_class
from matcher.web.intake import Intake, take_in
from matcher.web.questions import Question, sections
from matcher.web.results import Results, results
from matcher.web.security import token_holds

pages = Blueprint("selfcheck", __name__)
_UNPROCESSABLE, _BAD_REQUEST = 422, 400


@dataclass(frozen=True)
class Asked:
    """A posted form as it was read, and whether it may be acted upon."""

    form: SelfCheckForm
    intake: Intake
    is_stale: bool

    @property
    def is_good(self) -> bool:
        """Whether there is nothing to put right first."""
        return not self.is_stale and not self.intake.faults


@pages.get("/")
def start() -> str:
    """The empty form; `?scheme=` picks schemes, `?lang=` the language. Facts are never read from an address."""
    book = catalogue()
    form = form_class(book)()
    form.scheme.data = list(book.chosen(request.args.getlist(SCHEMES)))
    return _page(book, form, take_in(book, form))


@pages.post("/")
def answer() -> tuple[str, int]:
    """The form with the results above it, or with its faults; in either case with all that was typed."""
    book = catalogue()
    asked = _asked(book)
    if not asked.is_good:
        return _refused(book, asked)
    if request.form.get("do") == "narrow" or ("switch" in request.form and not asked.intake.facts):
        return _page(book, asked.form, asked.intake), 200
    stated = [decision.to_json() for decision in _decide(book, asked.intake)]
    found = results(book, stated, asked.intake.as_of, not asked.intake.facts, language.lang())
    return _page(book, asked.form, asked.intake, found), 200


@pages.post("/letter")
def letter() -> Response | tuple[str, int]:
    """The letter on the posted facts as a PDF, or the form with its faults. Nothing about it is stored."""
    book = catalogue()
    asked = _asked(book)
    if not asked.is_good:
        return _refused(book, asked)
    intake, lang = asked.intake, language.lang()
    decisions = _decide(book, intake)
    name = intake.facts.get("name")
    addressee = name if isinstance(name, str) else None
    composed = letters.compose(book.rulebook, intake.facts, decisions, intake.as_of, lang, addressee=addressee)
    title = "-".join(filter(None, (words.say("letter.file", lang), addressee, intake.as_of.isoformat())))
    pdf = BytesIO(letters.render_pdf(composed))
    answer = send_file(pdf, mimetype="application/pdf", as_attachment=True, download_name=f"{title}.pdf")
    # A firm's letter is nothing for a shared computer's cache.
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.get("/letter")
def letter_without_form() -> Response:
    """Whoever opens the letter's address without a form is shown the form."""
    return redirect(f"{request.script_root}/", 303)  # type: ignore[return-value]


def _asked(book: Catalogue) -> Asked:
    # Repeated fields are kept: the form marks those that were answered twice.
    form = form_class(book)(request.form)
    language.use(request.form.get("switch"), request.args.get("lang"), form.lang.data)
    return Asked(form, take_in(book, form), not token_holds(request.form.get("csrf_token")))


def _decide(book: Catalogue, intake: Intake) -> Sequence[Decision]:
    return check(book.rulebook, intake.facts, intake.as_of, intake.slugs or None)


def _refused(book: Catalogue, asked: Asked) -> tuple[str, int]:
    code = _BAD_REQUEST if asked.is_stale else _UNPROCESSABLE
    return _page(book, asked.form, asked.intake, is_stale=asked.is_stale), code


def _page(
    book: Catalogue, form: SelfCheckForm, intake: Intake, found: Results | None = None, is_stale: bool = False
) -> str:
    lang = language.lang()
    shown = sections(book, form, intake, lang, found.missing if found else ())
    questions = {question.name: question for section in shown for question in section.every}
    return render_template(
        "selfcheck.html",
        form=form,
        sections=shown,
        schemes=book.rulebook.schemes.values(),
        families=_families(book, intake.slugs),
        chosen=intake.slugs,
        as_of_echo=None if not form.as_of.data or intake.faults_of(AS_OF) else f"= {figures.day(intake.as_of, lang)}",
        as_of_faults=[text.get(lang) for text in intake.faults_of(AS_OF)],
        faults=_summary(intake, questions, lang),
        is_stale=is_stale,
        results=found,
        edition=book.rulebook.hash[:12],
    )


def _families(book: Catalogue, chosen: tuple[str, ...]) -> list[tuple[str, list[Scheme], int]]:
    """The schemes to choose from by family, each family with how many of its schemes are chosen."""
    found: dict[str, list[Scheme]] = {}
    for scheme in book.rulebook.schemes.values():
        found.setdefault(scheme.family, []).append(scheme)
    return [(name, schemes, sum(each.slug in chosen for each in schemes)) for name, schemes in found.items()]


def _summary(intake: Intake, questions: dict[str, Question], lang: str) -> list[tuple[str, str]]:
    """Every fault with the field it links to: (field, what is wrong with which question)."""
    labels = {name: question.label for name, question in questions.items()}
    labels[AS_OF] = words.say("form.as_of", lang)
    colon = "：" if lang == "zh" else ": "
    return [(f.field, f"{labels.get(f.field, f.field)}{colon}{f.text.get(lang)}") for f in intake.faults]
