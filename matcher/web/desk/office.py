"""The office of the running application: its register, its keys, its rules, its folder."""

from __future__ import annotations

import os
from pathlib import Path

from flask import current_app

from matcher import places
from matcher.issuing import Office
from matcher.letters.proof import KeyFolder
from matcher.web.catalogue import catalogue
from matcher.web.keep.database import engine


def office() -> Office:
    """Where this site issues letters: in the instance folder, or in the one that `INSTANCE` in the settings names."""
    named = current_app.config.get("INSTANCE")
    instance = Path(named) if named else places.instance_dir()
    keys = KeyFolder(instance / "keys", os.environ.get("MATCHER_KEYS_PASSPHRASE")) if named else KeyFolder.own()
    return Office(engine(), keys, catalogue().rulebook, places.rules_dir(), instance)


def has_key(centre: str) -> bool:
    """Whether the centre has a key to sign with. Raises KeyFolderError for keys that cannot be read."""
    return office().keys.active(centre) is not None
