"""A stranger's first hour: `python -m tests.tools.clean_install` installs the wheel into nothing and does only what the doctor says.

A new virtual environment, an empty home, an empty environment (PATH alone), the locked packages from the package index. Then
`matcher doctor`; every command of ours that its findings name is run; the site is started; and its pages, the desk's sign-in and
a letter by the new keys are asked for. It prints each step and ends with 0 where all of it worked. It needs the package index,
so the suite does not run it.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]

_PARTS = ("matcher", "migrations", "rules", "static", "templates", "pyproject.toml", "setup.cfg", "README.md")

# NAME is what a person would put there.
_NAMED = re.compile(r"\bmatcher (keys new heping|accounts new --role administrator --centre tianjin NAME)")


def main() -> int:
    """Walk through it; 0 where every step worked."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        bare = {"PATH": "/usr/bin:/bin", "HOME": str(home)}
        matcher = _installed(Path(folder), bare)

        def run(*arguments: str) -> str:
            done = subprocess.run(
                [matcher, *arguments], env=bare, cwd=home, capture_output=True, text=True, check=False
            )
            print(
                f"$ matcher {' '.join(arguments)}   -> {done.returncode} {done.stderr.strip()[:300] if done.returncode else ''}",
                flush=True,
            )
            return done.stdout

        findings = _doctor(run)
        if any("Set MATCHER_KEYS_PASSPHRASE" in told for told in findings):
            bare["MATCHER_KEYS_PASSPHRASE"] = "six words that a person would choose"
        for command in {found[1] for told in findings for found in _NAMED.finditer(told)}:
            run(*command.replace("NAME", "first").split())
        with subprocess.Popen(
            [matcher, "serve"], env={**bare, "PORT": "0"}, cwd=home, stdout=subprocess.PIPE, text=True
        ) as site:
            assert site.stdout is not None
            try:
                address = site.stdout.readline().split()[-1]
                for path in ("/readyz", "/", "/schemes", "/desk/sign-in", "/api/v1/schemes"):
                    with urlopen(f"{address}{path}", timeout=60) as answer:
                        print(f"GET {path}   -> {answer.status}", flush=True)
                after = _doctor(run)
            finally:
                site.terminate()
                site.wait(60)
        facts = {"name": "天津第一企业有限公司", "vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}
        (home / "firm.json").write_text(json.dumps(facts))
        run(
            "letter", "firm.json", "--scheme", "six-taxes-two-fees", "--issue", "--centre", "heping", "-o", "letter.pdf"
        )
        is_valid = "津和惠函" in run("verify", "letter.pdf", "--json")
        print(
            f"the letter is verified: {is_valid}; findings with a command left: {[one for one in after if _NAMED.search(one)]}"
        )
        return 0 if is_valid and not any(_NAMED.search(one) for one in after) else 1


def _installed(folder: Path, bare: dict[str, str]) -> Path:
    """The command of the wheel in a new environment."""
    source, home = folder / "source", folder / "venv"
    source.mkdir()
    for name in _PARTS:
        where = ROOT / name
        shutil.copytree(where, source / name) if where.is_dir() else shutil.copy(where, source / name)
    begun = time.monotonic()
    build = [sys.executable, "-m", "pip", "wheel", ".", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    subprocess.run(build, cwd=source, check=True)
    (wheel,) = folder.glob("*.whl")
    venv.create(home, with_pip=True)
    pip = [str(home / "bin" / "pip"), "install", "-q", "--no-cache-dir"]
    locked = ROOT / "script" / "requirements" / "site.txt"
    subprocess.run([*pip, "--require-hashes", "-r", str(locked)], env=bare, check=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], env=bare, check=True)
    print(f"built and installed {wheel.name} with its locked packages in {time.monotonic() - begun:.0f} s", flush=True)
    return home / "bin" / "matcher"


def _doctor(run: object) -> list[str]:
    """What the doctor finds, in English, each line printed with its mark."""
    assert callable(run)
    found = [json.loads(line) for line in run("doctor", "--json").splitlines()]
    for one in found:
        print(f"  {one['grade']:8}{one['part']:10}{one['text']['en']}", flush=True)
    return [one["text"]["en"] for one in found]


if __name__ == "__main__":
    sys.exit(main())
