"""How long a list of 4,000 firms takes from the upload to its workbook, and how much memory its worker needs."""

import json
import os
import subprocess
import sys
import time

from matcher.batches.rows import list_files
from matcher.batches.sheets import look
from matcher.db.database import reading
from matcher.letters.issue import Office
from matcher.rulebook.rulebook import Rulebook
from tests.conftest import count
from tests.fixtures.runs import DRAWN, LineUp, Row, as_csv, run_of

LARGEST = 400
"""Megabytes that a worker may take for the whole list."""

CHILD = """
import json, resource, sys, time
from datetime import UTC, datetime
from matcher.cli.register import office
from matcher.batches.processing import perform
from matcher.rulebook import load
at = office(load())
before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
perform(at, int(sys.argv[1]), lambda: datetime.now(UTC))
peak, spent = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter() - began
print(json.dumps({"seconds": spent, "cpu": time.process_time(), "before": before // 1024, "peak": peak // 1024}))
"""


def test_four_thousand_firms(office: Office, rulebook: Rulebook, drawn: list[Row], lined_up: LineUp) -> None:
    """All 106 schemes for each, in a worker of its own that stays within its memory."""
    content = as_csv(drawn[: count(DRAWN)])
    began = time.perf_counter()
    looked = look(rulebook, content, "firms.csv")
    seen = time.perf_counter() - began
    run_id = lined_up(content)
    settings = {
        "DATABASE_URL": office.engine.url.render_as_string(hide_password=False),
        "MATCHER_INSTANCE": str(office.instance),
    }
    made = subprocess.run(
        [sys.executable, "-c", CHILD, str(run_id)],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(made.stdout)
    with reading(office.engine) as opened:
        files = list_files(opened, run_id)
    print(
        f"{looked.rows} firms: looked through in {seen:.2f} s, checked and written in {told['seconds']:.1f} s "
        f"({told['cpu']:.1f} s of a core), peak {told['peak']} MB (started with {told['before']} MB), "
        f"workbook {files['results'] / 1e6:.1f} MB"
    )
    run = run_of(office, run_id)
    assert (run.state, run.done_rows) == ("done", looked.rows)
    assert told["peak"] <= LARGEST
