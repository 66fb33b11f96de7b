"""A site left running: `python -m tests.benchmarks.soak [MINUTES] [REQUESTS A SECOND]`, 30 minutes at 8 unless told otherwise.

Two workers, as `matcher serve` starts them, are asked at a steady pace, as on an ordinary day: checks, next questions, result
pages, the full form, letters verified by code and by file, batches of twenty firms, and a letter issued twice a minute. At each
minute it prints what was answered, what failed, the slowest answers and the memory of each worker; at the end whether that
grew. Any answer that is not the one expected counts as failed, and is printed.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.benchmarks.load import Asked, Site, kinds, site

MINUTES, RATE, AT_ONCE, LINES = 30, 8, 4, 20

WARM = 5

"""Minutes after which every kind of request has been answered often enough by each worker: growth is counted from there."""

_JSON = {"Content-Type": "application/json"}


@dataclass
class Count:
    """What was answered since the start."""

    kinds: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Letter:
    """A letter of the site: what stands on its paper, and its file."""

    code: str
    pdf: bytes


def soak(minutes: int, rate: float) -> bool:
    """Run it; whether nothing failed and no worker's memory grew by more than a tenth after `WARM` minutes."""
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as running:
        print(f"{minutes} minutes at {rate:g} requests a second; load before {os.getloadavg()[0]:.1f}")
        print(f"at the start, before any request: {_told(running)}", flush=True)
        count = Count()
        wanted = itertools.cycle(_round(running))
        warm: dict[int, int] = {}
        begun = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for minute in range(1, minutes + 1):
                for turn in range(int(60 * rate)):
                    due = begun + (minute - 1) * 60 + turn / rate
                    time.sleep(max(0.0, due - time.monotonic()))
                    pool.submit(_one, *next(wanted), count)
                _minute(minute, running, count)
                if minute == min(WARM, minutes):
                    warm = {pid: _rss(pid) for pid in running.workers()}
        now = {pid: _rss(pid) for pid in running.workers()}
        grown = {pid: now.get(pid, 0) - before for pid, before in warm.items()}
        print(f"{sum(count.kinds.values())} requests: {dict(count.kinds)}; {len(count.failed)} failed")
        print(f"resident memory since minute {min(WARM, minutes)}, MB a worker: {list(grown.values())}")
        return not count.failed and warm.keys() == now.keys() and all(grown[pid] * 10 < warm[pid] for pid in warm)


def _round(running: Site) -> list[tuple[str, Callable[[], object]]]:
    """One round of requests, each with its name; the costly ones are asked less often, as people do."""
    by_name = {asked.name: asked for asked in kinds(running)}
    bearer = {"Authorization": f"Bearer {running.key}"}
    letter = _letter(running, "0")
    numbers = itertools.count(1)
    facts = json.loads(by_name["check, all schemes"].body or "{}")["facts"]
    lines = "\n".join(json.dumps({"facts": {**facts, "employees": 10 + number}}) for number in range(LINES))
    batch = Asked("batch", "/api/v1/check/batch", lines, {**bearer, "Content-Type": "application/x-ndjson"})

    def of(asked: Asked) -> tuple[str, Callable[[], object]]:
        return asked.name, lambda: _get(running, asked.path, asked.body, asked.headers)

    def verified(path_of: str) -> tuple[str, Callable[[], object]]:
        body: str | bytes = json.dumps({"code": letter.code}) if path_of == "code" else letter.pdf
        kind = {"Content-Type": "application/json" if path_of == "code" else "application/pdf"}

        def ask() -> None:
            found = json.loads(_get(running, "/api/v1/verify", body, {**bearer, **kind}))
            assert (found["integrity"], found["standing"]) == ("intact", "valid"), found

        return f"letter verified by {path_of}", ask

    often = [of(by_name[name]) for name in ("check, ten rules", "next question", "check, all schemes", "result page")]
    some = [verified("code"), verified("file"), of(by_name["/all"]), of(by_name["catalogue"])]
    seldom = [of(batch), ("letter issued", lambda: _letter(running, f"{next(numbers)}"))]
    return [*(often * 5 + some) * 9, *often, *seldom]


def _letter(running: Site, number: str) -> Letter:
    def post(path: str, body: object) -> Any:
        headers = {**_JSON, "Authorization": f"Bearer {running.key}", "Idempotency-Key": f"{path}-{number}"}
        return json.loads(_get(running, path, json.dumps(body), headers))

    facts = {
        "vat_status": "small_scale",
        "six_taxes_two_fees_payable": "38642.57",
        "name": f"天津第{number}企业有限公司",
    }
    case = post("/api/v1/cases", {"facts": facts})
    order = {"version": case["version"], "schemes": ["six-taxes-two-fees"]}
    made = post(f"/api/v1/cases/{case['id']}/letters", order)
    assert made["state"] == "issued", made
    path = f"/api/v1/letters/{made['code']}/file"
    return Letter(made["code"], _get(running, path, None, {"Authorization": f"Bearer {running.key}"}))


def _get(running: Site, path: str, body: str | bytes | None, headers: Any) -> bytes:
    told = body.encode() if isinstance(body, str) else body
    with urlopen(Request(f"{running.url}{path}", told, dict(headers or {})), timeout=60) as answer:
        found: bytes = answer.read()
    assert answer.status in (200, 201), answer.status
    return found


def _one(name: str, ask: Callable[[], object], count: Count) -> None:
    begun, fault = time.perf_counter(), ""
    try:
        ask()
    except HTTPError as error:
        fault = f"{name}: {error.code} {error.read()[:200]!r}"
    except Exception as error:  # whatever went wrong is what this is for
        fault = f"{name}: {type(error).__name__}: {error}"
    with count.lock:
        count.kinds[name] += 1
        count.took.append((time.perf_counter() - begun) * 1000)
        count.failed += [fault] if fault else []
    if fault:
        print(fault, flush=True)


def _minute(minute: int, running: Site, count: Count) -> None:
    with count.lock:
        took, count.took = sorted(count.took), []
        number, failed = sum(count.kinds.values()), len(count.failed)
    p95 = took[int(len(took) * 0.95)] if took else 0
    print(
        f"minute {minute:>2}: {number} answered, {failed} failed, p95 {p95:.0f} ms, longest {took[-1] if took else 0:.0f} ms, "
        f"{_told(running)}, load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def _told(running: Site) -> str:
    pids = sorted(running.workers())
    return f"resident {[_rss(pid) for pid in pids]} MB, proportional {running.memory()} MB"


def _rss(pid: int) -> int:
    return (
        int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024**2
    )


if __name__ == "__main__":
    told = [float(one) for one in sys.argv[1:]]
    sys.exit(0 if soak(int(told[0]) if told else MINUTES, told[1] if len(told) > 1 else RATE) else 1)
