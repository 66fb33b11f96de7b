"""Prints the keys and seconds of each job of a morning at the desk, done in a browser by real keys: `python -m tests.benchmarks.desk_keys`.

The jobs are those of the browser tests, which bound their keys. Seconds are the pages' own on this machine; by hand they
are those and 0.28 s for each key.
"""

from __future__ import annotations

import subprocess
import sys

JOBS = ("test_counter_browser.py", "test_browser.py", "test_morning_browser.py")


def main() -> int:
    """Do the jobs and print a line for each; gives the tests' own exit status."""
    files = [f"tests/cases/{name}" for name in JOBS]
    words = "twenty_keys or whole_morning or several_firms"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "-k", words, *files],
        capture_output=True,
        text=True,
        check=False,
    )
    for line in done.stderr.splitlines():
        _, mark, said = line.partition("desk job: ")
        if mark:
            print(said)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
