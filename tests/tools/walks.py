"""Walks three ways through the program and prints, for each, the files of `matcher/` in which a function ran.

    python -m tests.tools.walks FOLDER {check,answer,letter}
    python -m tests.tools.walks --write        # the tables of docs/architecture.md, anew

FOLDER is an empty one for the database, the keys and the cache. A fresh process for each walk: what an earlier one has
remembered would not run again. `docs/architecture.md` lists what comes out, and a test compares.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from tests.tools.markup import read_html

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = f"{ROOT / 'matcher'}{os.sep}"
SHOP = {"vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}


def walked(action: Callable[[], object]) -> set[str]:
    """The files of the package, as `engine/decide.py`, of which a function runs while the action does."""
    found: set[str] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        # The body of a module or class runs when it is imported; only functions are optimized code.
        if event == "call" and code.co_flags & inspect.CO_OPTIMIZED and code.co_filename.startswith(PACKAGE):
            found.add(code.co_filename.removeprefix(PACKAGE))

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]
    return {name.replace(os.sep, "/") for name in found}


def check(folder: Path) -> set[str]:
    """`matcher check` of two facts, the rulebook kept from an earlier start."""
    from matcher.cli import main
    from matcher.rulebook import load

    load()
    firm = folder / "firm.json"
    firm.write_text(json.dumps(SHOP), encoding="utf-8")

    def run() -> None:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
            main(["check", str(firm), "--json"])

    return walked(run)


def answer(folder: Path) -> set[str]:
    """One answer in the interview, and the results asked for."""
    from matcher.site.app import create_app

    client = create_app({"SECRET_KEY": "s" * 40}).test_client()
    client.post("/", data={**fields(client.get("/").text), "do": "next", "scheme": ["six-taxes-two-fees"]})
    address = "/ask?fact=vat_status"
    form = {**fields(client.get(address).text), "fact_vat_status": "small_scale", "do": "next"}

    def tell() -> None:
        assert client.post("/ask", data=form).status_code == 303
        assert client.get("/result").status_code == 200

    return walked(tell)


def letter(folder: Path) -> set[str]:
    """The click that issues a letter from a case, and its file."""
    from matcher.accounts.models import Account
    from matcher.accounts.service import NewAccount, add_account
    from matcher.accounts.sessions import stamp
    from matcher.cases.service import Content, Opening, open_case
    from matcher.db import migrate, open_engine, session
    from matcher.letters.order import centres, keep_rulebook
    from matcher.letters.proof import KeyFolder
    from matcher.places import rules_dir
    from matcher.rulebook import load
    from matcher.site.app import create_app

    now = datetime.now(UTC)
    address = f"sqlite:///{folder}/matcher.db"
    migrate(address)
    KeyFolder(folder / "keys").new(centres()["heping"], date(2026, 1, 5))
    keep_rulebook(load().hash, rules_dir(), folder / "rulebooks")  # as the first letter under these rules did
    app = create_app({"SECRET_KEY": "s" * 40, "DATABASE_URL": address, "INSTANCE": str(folder)})
    client = app.test_client()
    with session(open_engine(address)) as writing, client.session_transaction() as held:
        account = add_account(writing, NewAccount("clerk", "Clerk", "clerk", "heping", "-"), now)
        account = account if isinstance(account, Account) else writing.get_one(Account, account)
        account.must_change = False
        writing.flush()
        content = Content({"name": "天津海河零件有限公司", **SHOP}, {}, date(2026, 3, 31))
        case = open_case(writing, Opening("heping", account.id or 0, "blank", content), now)
        stamp(held, writing, account, now)
        path = f"/desk/cases/{case.id}/letters"
    form = {**fields(client.get(path).text, "letter"), "scheme": ["six-taxes-two-fees"]}

    def click() -> None:
        issued = client.post(path, data=form)
        assert issued.status_code == 303, issued.text
        page = client.get(issued.headers["Location"])
        assert page.status_code == 200
        assert client.get(f"{issued.headers['Location']}/file").data.startswith(b"%PDF")

    return walked(click)


def fields(page: str, form_id: str | None = None) -> dict[str, object]:
    """What a browser would send of the page's (or one form's) hidden fields, ticks and first choices."""
    root = read_html(page)
    if form_id is not None:
        root = root.find(f".//form[@id='{form_id}']")
    found: dict[str, object] = {}
    for one in root.iter("input"):
        if one.get("type") not in ("radio", "checkbox") or one.get("checked") is not None:
            found[one.get("name") or ""] = one.get("value") or ""
    for one in root.iter("select"):
        options = list(one.iter("option"))
        chosen = next((option for option in options if option.get("selected") is not None), options[0])
        found[one.get("name") or ""] = chosen.get("value") or ""
    found.pop("", None)
    return found


WALKS = {"check": check, "answer": answer, "letter": letter}


def write() -> None:
    """Write the tables of docs/architecture.md anew; a process for each walk."""
    page = ROOT / "docs" / "architecture.md"
    text = page.read_text(encoding="utf-8")
    for walk in WALKS:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "tests.tools.walks", folder, walk]
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
        names: dict[str, list[str]] = {}
        for file in json.loads(done.stdout.splitlines()[-1]):
            folder, _, name = file.rpartition("/")
            names.setdefault(f"{folder}/" if folder else "", []).append(name)
        rows = [f"| `{folder}` | {' '.join(f'`{name}`' for name in found)} |" for folder, found in names.items()]
        table = "\n".join(
            [
                "",
                f"{sum(map(len, names.values()))} files:",
                "",
                "| folder of `matcher/` | files |",
                "|---|---|",
                *rows,
                "",
            ]
        )
        text = re.sub(
            rf"(<!-- walk: {walk} -->).*?(<!-- end -->)", lambda m, t=table: f"{m[1]}{t}{m[2]}", text, flags=re.DOTALL
        )
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
        sys.exit()
    place = Path(sys.argv[1])
    os.environ.update(MATCHER_CACHE=str(place / "cache"), MATCHER_INSTANCE=str(place))
    files = WALKS[sys.argv[2]](place)
    print(json.dumps(sorted(files)))
