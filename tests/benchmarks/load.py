"""The site under load, beside `openfisca serve`'s own application on the same ten rules: requests a second and percentiles by wrk, memory.

`python -m tests.benchmarks.load [SECONDS]` prints a table. It starts the site as `matcher serve` does, on a free port, with two workers
and a database of its own. wrk (Debian) is the generator, on the same machine. OPENFISCA_PYTHON names a Python with
`openfisca-core[web-api]` and polars, which must not share our packages (it wants an older gunicorn); without it there is no such row.
`python -m tests.benchmarks.soak` leaves it running for half an hour instead.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

from matcher.api.operations import SCOPES
from matcher.api.service import MOST_A_MINUTE, add_client, new_key
from matcher.db.database import open_engine, session
from matcher.db.migration import migrate
from matcher.letters.order import centres
from matcher.letters.proof.keys import KeyFolder
from tests.benchmarks import city

CONNECTIONS, WORKERS, LETTERS = 8, 2, 40

REPORT = """
done = function(summary, latency, requests)
  io.write(string.format('{"rate": %f, "p50": %f, "p95": %f, "p99": %f, "failed": %d, "requests": %d}\\n',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    latency:percentile(99) / 1e3, summary.errors.status + summary.errors.connect + summary.errors.read
    + summary.errors.write + summary.errors.timeout, summary.requests))
end
"""


@dataclass(frozen=True)
class Asked:
    """One kind of request."""

    name: str
    path: str
    body: str | None = None
    headers: Mapping[str, str] | None = None


@dataclass
class Site:
    """A site that runs: its address, its process, the key of a program that may do everything at Heping, and its database."""

    url: str
    process: subprocess.Popen[str]
    key: str
    database: str

    def workers(self) -> list[int]:
        """The processes that answer."""
        return _children(self.process.pid)

    def memory(self) -> list[int]:
        """What each worker holds of its own and of what it shares, in MB: proportional set size, newest first."""
        return [_pss(pid) for pid in self.workers()]


def firm() -> dict[str, Any]:
    """The first firm that tells everything, as a profile's facts."""
    (row,) = city.as_told(city.draw(1, 7, gaps=False)).to_dicts()
    told = {name: value for name, value in row.items() if name not in ("id", "name", "credit_code")}
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in told.items() if value is not None
    }


@contextmanager
def site(folder: Path, database: str = "", **more: str) -> Iterator[Site]:
    """The site on a free port, as `matcher serve` starts it; on a SQLite file of its own unless told otherwise."""
    instance = folder / "instance"
    address = database or f"sqlite:///{instance}/matcher.db"
    instance.mkdir(parents=True)
    migrate(address)
    KeyFolder(instance / "keys").new(centres()["heping"], date(2026, 1, 5))
    engine = open_engine(address)
    with session(engine) as writing:
        client = add_client(writing, "load", "heping", list(SCOPES), MOST_A_MINUTE, datetime.now(UTC))
        key = new_key(writing, client, datetime.now(UTC))
    engine.dispose()
    settings = {"DATABASE_URL": address, "MATCHER_INSTANCE": str(instance), "HOST": "127.0.0.1", "PORT": "0"}
    env = {**os.environ, **settings, "WEB_CONCURRENCY": str(WORKERS), "JOBS": "off", "ACCESS_LOG": "off", **more}
    program = [sys.executable, "-P", "-c", "from matcher.cli import main; main()", "serve"]
    with subprocess.Popen(program, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line.startswith("Serving on"), line
            yield Site(line.split()[-1], process, key, address)
        finally:
            process.terminate()
            process.wait(60)


def kinds(running: Site) -> list[Asked]:
    """What is asked of the site."""
    json_of = {"Content-Type": "application/json", "Authorization": f"Bearer {running.key}"}
    facts = {name: value for name, value in firm().items() if name in _known()}
    ten = {"as_of": f"{city.DAY}", "schemes": list(city.TEN), "facts": facts}
    return [
        Asked("check, ten rules", "/api/v1/check?detail=essence", json.dumps(ten), json_of),
        Asked("check, all schemes", "/api/v1/check?detail=essence", json.dumps({"facts": facts}), json_of),
        Asked("next question", "/api/v1/next-question", json.dumps({"facts": {"district": "heping"}}), json_of),
        Asked("catalogue", "/api/v1/schemes"),
        Asked("result page", "/result", None, {"Cookie": _answers(running.url)}),
        Asked("/all", "/all"),
    ]


def _known() -> set[str]:
    from matcher.rulebook import load

    return set(load().facts)


def _answers(url: str) -> str:
    """The cookie of somebody who told something."""
    jar = CookieJar()
    opener = build_opener(HTTPCookieProcessor(jar))
    page = opener.open(f"{url}/all").read().decode()
    hidden = {name: _value(page, name) for name in ("csrf_token", "base")}
    form = {
        **hidden,
        "fact_vat_status": "small_scale",
        "fact_employees": "12",
        "fact_six_taxes_two_fees_payable": "38642.57",
    }
    opener.open(Request(f"{url}/all", urlencode(form).encode(), {"Origin": url, "Referer": f"{url}/all"})).read()
    return "; ".join(f"{one.name}={one.value}" for one in jar)


def _value(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    value = re.search(r'value="([^"]*)"', found[0]) if found else None
    return value[1] if value else ""


def measured(url: str, asked: Asked, seconds: int, connections: int = CONNECTIONS) -> dict[str, float]:
    """What wrk says of one kind of request."""
    lines = [f'wrk.method = "{"POST" if asked.body else "GET"}"']
    if asked.body:
        lines.append(f"wrk.body = {_lua(asked.body)}")
    lines += [f"wrk.headers[{_lua(name)}] = {_lua(value)}" for name, value in (asked.headers or {}).items()]
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as script:
        script.write("\n".join(lines) + REPORT)
        script.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", script.name]
        made = subprocess.run([*command, f"{url}{asked.path}"], capture_output=True, text=True, check=True)
    if '{"rate"' not in made.stdout:
        raise SystemExit(f"wrk failed: {made.stdout}{made.stderr}")
    found: dict[str, float] = json.loads(made.stdout[made.stdout.index('{"rate"') :])
    return found


def _lua(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def letters(running: Site) -> dict[str, float]:
    """Letters issued from cases over the interface, two at a time."""

    def post(path: str, body: object, once: str) -> Any:
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {running.key}",
            "Idempotency-Key": once,
        }
        with urlopen(Request(f"{running.url}{path}", json.dumps(body).encode(), headers), timeout=120) as answer:
            return json.load(answer)

    facts = {"vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}
    cases = [
        post("/api/v1/cases", {"facts": {**facts, "name": f"天津第{n}企业有限公司"}}, f"c{n}") for n in range(LETTERS)
    ]

    def issue(case: Any) -> float:
        start = time.perf_counter()
        order = {"version": case["version"], "schemes": ["six-taxes-two-fees"]}
        assert post(f"/api/v1/cases/{case['id']}/letters", order, f"l{case['id']}")["state"] == "issued"
        return (time.perf_counter() - start) * 1000

    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        took = sorted(pool.map(issue, cases))
    rate = LETTERS / (time.perf_counter() - start)
    points = {
        name: took[min(LETTERS - 1, int(LETTERS * share))]
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }
    return {"rate": rate, **points, "failed": 0, "requests": LETTERS}


@contextmanager
def openfisca() -> Iterator[str | None]:
    """Its web application with the same two workers, as `openfisca serve` runs it; None without a Python that has it."""
    python = os.environ.get("OPENFISCA_PYTHON")
    if not python:
        yield None
        return
    root = Path(__file__).parents[2]
    program = (
        "import sys; sys.path.insert(0, '.')\n"
        "from openfisca_web_api.app import create_app\n"
        "from tests.benchmarks.ten_rules_openfisca import system\n"
        "made = system()\n"
        "from openfisca_core.parameters import ParameterNode\n"
        "made.parameters = ParameterNode('', data={'one': {'values': {'2020-01-01': {'value': 1}}}})\n"
        "made.get_package_metadata = lambda: {'name': 'ten', 'version': '1', 'repository_url': '', 'location': ''}\n"
        "app = create_app(made)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "ten_rules_app.py").write_text(program, encoding="utf-8")
        command = [
            python,
            "-m",
            "gunicorn",
            "-w",
            str(WORKERS),
            "-b",
            "127.0.0.1:5999",
            "--log-level",
            "critical",
            "ten_rules_app:app",
        ]
        env = {**os.environ, "PYTHONPATH": f"{folder}:{root}"}
        with subprocess.Popen(command, cwd=root, env=env, stderr=subprocess.DEVNULL) as process:
            try:
                for _ in range(300):
                    try:
                        urlopen("http://127.0.0.1:5999/spec", timeout=5).read()
                        break
                    except OSError:
                        time.sleep(0.2)
                yield "http://127.0.0.1:5999"
            finally:
                process.terminate()
                process.wait(30)


def calculation() -> str:
    """The ten rules for one firm, as OpenFisca is asked."""
    month = f"{city.DAY:%Y-%m}"
    known = {*city.WORDS, *city.YES, *city.COUNTS, *city.MONEY, *city.RATES} - {"industry"}
    told = {
        name: {month: float(value) if isinstance(value, str) and name in (*city.MONEY, *city.RATES) else value}
        for name, value in firm().items()
        if name in known
    }
    wanted = {f"{slug.replace('-', '_')}_{part}": {month: None} for slug in city.TEN for part in ("holds", "sum")}
    return json.dumps({"firms": {"one": {**told, **wanted}}})


def run(seconds: int) -> None:
    """The whole table."""
    print(
        f"load before: {os.getloadavg()[0]:.1f}; {WORKERS} workers, {CONNECTIONS} connections, {seconds} s each, wrk on the same machine"
    )
    print(f"{'':28}{'a second':>10}{'p50 ms':>10}{'p95 ms':>10}{'p99 ms':>10}{'failed':>8}  memory of the workers, MB")
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as running:
        print(f"memory of the workers at the start: {running.memory()} MB")
        for asked in kinds(running):
            measured(running.url, asked, 2)
            _row(asked.name, measured(running.url, asked, seconds), running)
        _row("letter, issued", letters(running), running)
        print(f"memory of the workers at the end: {running.memory()} MB")
    with openfisca() as url:
        if url is not None:
            asked = Asked("OpenFisca, ten rules", "/calculate", calculation(), {"Content-Type": "application/json"})
            measured(url, asked, 2)
            _row(asked.name, measured(url, asked, seconds))


def _row(name: str, found: Mapping[str, float], running: Site | None = None) -> None:
    figures = "".join(f"{found[one]:>10.1f}" for one in ("rate", "p50", "p95", "p99"))
    print(f"{name:28}{figures}{int(found['failed']):>8}  {running.memory() if running else ''}", flush=True)


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _pss(pid: int) -> int:
    told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return int(told.split("Pss:")[1].split()[0]) // 1024


if __name__ == "__main__":
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed: apt-get install wrk")
    run(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
