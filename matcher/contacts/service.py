"""Keeps whom a centre talks to and the texts it sends; fills a text for a firm and a scheme."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, or_, select

from matcher.db import EntryError

from .models import DepartmentContact, FirmContact, MessageText

LONGEST_TEXT, MOST_TEXTS, MOST_CONTACTS = 4000, 300, 50

PLACES: Mapping[str, str] = {
    "企业": "firm",
    "政策": "scheme",
    "金额": "sum",
    "部门": "department",
    "怎么办": "how",
    "本中心": "centre",
}

"""What a text may hold in 【】, to be filled in: by its Chinese name, and how an English text calls the same."""

_MEANT = {word: name for name, english in PLACES.items() for word in (name, english)}

_PLACE = re.compile("【(" + "|".join(_MEANT) + ")】")

_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+\.[^@\s.<>,;:\"()\[\]\\]+")

_PHONE = re.compile(r"[0-9+()（）\-－——转 ]{3,60}")


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to be reached, and how; at least one of phone and e-mail is there."""

    name: str
    role: str = ""
    phone: str = ""
    email: str = ""
    remark: str = ""


def person_of(told: Mapping[str, str]) -> Person:
    """A person as a form tells it. Raises EntryError: no name, neither phone nor e-mail, one that is none, or too long."""
    fields = {name: " ".join(told.get(name, "").split()) for name in ("name", "role", "phone", "email", "remark")}
    for name, most in (("name", 100), ("role", 100), ("phone", 60), ("email", 254), ("remark", 500)):
        if len(fields[name]) > most:
            raise EntryError((name,), f"太长了，最多{most}个字。", f"Too long: at most {most} characters.")
    if not fields["name"]:
        raise EntryError(("name",), "请写联系人的姓名。", "Give the person's name.")
    if not fields["phone"] and not fields["email"]:
        raise EntryError(("phone",), "请写电话或电子邮箱，至少一样。", "Give a telephone number or an e-mail address.")
    if fields["phone"] and not _PHONE.fullmatch(fields["phone"]):
        raise EntryError(
            ("phone",), "电话只写数字、加号、横线和分机。", "A telephone number has digits, plus, hyphens."
        )
    if fields["email"] and not _EMAIL.fullmatch(fields["email"]):
        raise EntryError(("email",), "电子邮箱写错了，例如 li@example.com。", "This is no e-mail address.")
    return Person(**fields)


def add_firm_contact(
    session: Session, firm_id: str, centre: str, person: Person, account_id: int, at: datetime
) -> FirmContact:
    """Enter somebody at a firm; the same name again takes the place of the earlier entry. Raises EntryError for too many."""
    had = firm_contacts(session, firm_id, centre)
    same = [one for one in had if one.name == person.name]
    for one in same:
        session.delete(one)
    if len(had) - len(same) >= MOST_CONTACTS:
        raise EntryError(("name",), f"最多记{MOST_CONTACTS}人。", f"At most {MOST_CONTACTS} people are kept.")
    made = FirmContact(
        firm_id=firm_id,
        centre=centre,
        **asdict(person),
        account_id=account_id,
        made_at=at,
    )
    session.add(made)
    session.flush()
    return made


def firm_contacts(session: Session, firm_id: str, centre: str) -> Sequence[FirmContact]:
    """Whom the centre reaches at a firm, the last entered first."""
    wanted = select(FirmContact).where(FirmContact.firm_id == firm_id, FirmContact.centre == centre)
    return session.exec(wanted.order_by(col(FirmContact.id).desc())).all()


def forget_contacts(session: Session, firm_id: str, centre: str) -> None:
    """Delete whom the centre reached at a firm."""
    session.execute(delete(FirmContact).where(col(FirmContact.firm_id) == firm_id, col(FirmContact.centre) == centre))


def add_department_contact(
    session: Session, centre: str, department: str, scheme: str | None, person: Person, account_id: int, at: datetime
) -> DepartmentContact:
    """Enter somebody at a department. Raises EntryError where it has no name."""
    department = " ".join(department.split())
    if not 0 < len(department) <= 200:
        raise EntryError(("department",), "请写部门的名称。", "Give the department's name.")
    made = DepartmentContact(
        centre=centre,
        department=department,
        scheme=scheme,
        **asdict(person),
        account_id=account_id,
        made_at=at,
    )
    session.add(made)
    session.flush()
    return made


def department_contacts(
    session: Session, centre: str, schemes: Sequence[str] | None = None
) -> Sequence[DepartmentContact]:
    """The centre's people at departments, by department; ``schemes``: those for one of them, or for a whole department."""
    wanted = select(DepartmentContact).where(DepartmentContact.centre == centre)
    if schemes is not None:
        wanted = wanted.where(or_(col(DepartmentContact.scheme).is_(None), col(DepartmentContact.scheme).in_(schemes)))
    return session.exec(wanted.order_by(col(DepartmentContact.department), col(DepartmentContact.id))).all()


def texts_of(session: Session, centre: str, scheme: str | None = None) -> Sequence[MessageText]:
    """The centre's texts; ``scheme``: those about it first, then those about any."""
    wanted = select(MessageText).where(MessageText.centre == centre)
    if scheme is not None:
        wanted = wanted.where(or_(col(MessageText.scheme).is_(None), col(MessageText.scheme) == scheme))
    order = (col(MessageText.scheme).is_(None), col(MessageText.scheme), col(MessageText.title), col(MessageText.id))
    return session.exec(wanted.order_by(*order)).all()


def keep_text(
    session: Session,
    centre: str,
    text_id: int | None,
    scheme: str | None,
    title: str,
    body: str,
    account_id: int,
    at: datetime,
) -> MessageText:
    """Write a new text, or one of the centre's over. Raises EntryError: no title, no text, too long, not the centre's."""
    title, body = " ".join(title.split()), body.strip()
    if not 0 < len(title) <= 100:
        raise EntryError(
            ("title",), "请给这段话起个名字，最多100字。", "Give the text a name of at most 100 characters."
        )
    if not 0 < len(body) <= LONGEST_TEXT:
        raise EntryError(("body",), f"请写1至{LONGEST_TEXT}字。", f"Write 1 to {LONGEST_TEXT} characters.")
    found = session.get(MessageText, text_id) if text_id is not None else None
    if text_id is not None and (found is None or found.centre != centre):
        raise EntryError(("text",), "这段话已经不在了。", "This text is no more.")
    if found is None:
        if len(texts_of(session, centre)) >= MOST_TEXTS:
            raise EntryError(("title",), f"最多存{MOST_TEXTS}段。", f"At most {MOST_TEXTS} texts are kept.")
        found = MessageText(centre=centre, scheme=scheme, title=title, body=body, account_id=account_id, changed_at=at)
    found.scheme, found.title, found.body = scheme, title, body
    found.account_id, found.changed_at = account_id, at
    session.add(found)
    session.flush()
    return found


def fill_text(body: str, told: Mapping[str, str]) -> str:
    """The text with its places filled, by their Chinese names; a line whose place has nothing to be filled with is left out whole."""
    lines = []
    for line in body.splitlines():
        places = _PLACE.findall(line)
        if all(told.get(_MEANT[place]) for place in places):
            lines.append(_PLACE.sub(lambda match: told[_MEANT[match[1]]], line))
    return "\n".join(lines).strip()
