"""SIGHUP: the site takes its rules anew without a stop, and goes on with those it has where the new ones do not load."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from matcher.places import rules_dir


@contextmanager
def served(rules: Path, instance: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The site on a copy of the rules: its address and its process."""
    environment = {
        **os.environ,
        "MATCHER_INSTANCE": str(instance),
        "JOBS": "off",
        "WEB_CONCURRENCY": "1",
        "ACCESS_LOG": "off",
    }
    program = "from matcher.cli import main; main()"
    command = [sys.executable, "-c", program, "serve", "--port", "0", "--rules", str(rules)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            assert server.stdout is not None
            line = next(line for line in server.stdout if line.startswith("Serving on "))
            yield line.split()[-1], server
        finally:
            server.terminate()


def edition(address: str) -> str:
    """The hash of the rules that the site answers by."""
    with urlopen(f"{address}/readyz", timeout=30) as answer:
        found: str = json.load(answer)["rulebook"]
    return found


def test_the_rules_are_taken_anew_without_a_stop(tmp_path: Path) -> None:
    """After SIGHUP answers come by the changed rules, each request meanwhile is answered, and broken rules change nothing."""
    rules = shutil.copytree(rules_dir(), tmp_path / "rules")
    scheme = next(path for path in rules.rglob("*.yaml") if path.name == "six-taxes-two-fees.yaml")
    with served(rules, tmp_path / "instance") as (address, server):
        first = edition(address)
        scheme.write_text(scheme.read_text(encoding="utf-8") + "\n# a note\n", encoding="utf-8")
        server.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 120
        while (second := edition(address)) == first:
            assert time.monotonic() < deadline
        scheme.write_text("not a scheme: [", encoding="utf-8")
        server.send_signal(signal.SIGHUP)
        assert server.stdout is not None
        assert next(line for line in server.stdout if "former rules stay" in line)
        assert edition(address) == second
