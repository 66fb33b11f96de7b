"""The worked example of `rules/README.md`, put into a copy of the rules as it tells a policy officer to."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from matcher.places import rules_dir

SLUG = "roof-garden-allowance"
_APPENDED = re.compile(r"^```yaml\n# append to (\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"^```yaml\n# (\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def write_example(folder: Path) -> Path:
    """Copy the rules to ``folder/rules`` and write every block of the example to the file that its first line names, or to its end."""
    shutil.copytree(rules_dir(), folder / "rules")
    readme = (rules_dir() / "README.md").read_text(encoding="utf-8")
    for name, text in _BLOCK.findall(readme):
        assert not (folder / name).exists(), f"{name} would overwrite a file"
        (folder / name).write_text(text, encoding="utf-8")
    for name, text in _APPENDED.findall(readme):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)
    assert f"write `{SLUG}` on a line of its own in `rules/schemes/ORDER`" in readme
    with (folder / "rules" / "schemes" / "ORDER").open("a", encoding="utf-8") as order:
        order.write(f"{SLUG}\n")
    return folder
