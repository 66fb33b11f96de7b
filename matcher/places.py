"""Says where the files that are not Python lie: rules, templates, static files, fonts, what the site and a person keep.

In a checkout `rules/`, `templates/`, `static/` and `migrations/` stand at the top level beside the package;
in an installed wheel they are inside it. Every other module asks here and never builds such a path itself.
"""

from pathlib import Path

from matcher.settings import settings

_PACKAGE = Path(__file__).resolve().parent

_FANDOL = "FandolFang-Regular.otf"

_chosen_rules: list[Path] = []


def rules_dir() -> Path:
    """The folder of the rulebook: the one chosen for this process (``--rules``), else the installation's own.

    Raises FileNotFoundError if the installation lacks it.
    """
    return _chosen_rules[-1] if _chosen_rules else _find("rules")


def choose_rules(directory: Path | None) -> None:
    """Take the rules of ``directory`` for the rest of this process; None: the installation's own again."""
    _chosen_rules[:] = [] if directory is None else [directory.resolve()]


def has_draft_rules() -> bool:
    """Whether the rules of this process are others than the installation's own: a draft that is being tried."""
    return bool(_chosen_rules) and not _chosen_rules[-1].samefile(_find("rules"))


def templates_dir() -> Path:
    """The folder of the Jinja templates. Raises FileNotFoundError if the installation lacks it."""
    return _find("templates")


def static_dir() -> Path:
    """The folder of style sheets, scripts and images. Raises FileNotFoundError if the installation lacks it."""
    return _find("static")


def migrations_dir() -> Path:
    """The folder of the Alembic migrations. Raises FileNotFoundError if the installation lacks it."""
    return _find("migrations")


def instance_dir() -> Path:
    """The folder for what the site keeps (default database, secret key); it need not exist yet.

    `MATCHER_INSTANCE` names it; otherwise it is `instance/` at the top of a checkout,
    and `instance/` in the current folder for an installed wheel, whose own folder may be read-only.
    """
    named = settings().instance
    if named:
        return named.absolute()
    checkout = _PACKAGE.parent
    return (checkout if (checkout / "setup.cfg").is_file() else Path.cwd()) / "instance"


def config_dir() -> Path:
    """The folder for what this person chose on this machine (whose trust lists to believe); it need not exist yet.

    `MATCHER_CONFIG` names it; otherwise it is `eligibility-matcher/` where the desktop's own settings lie.
    """
    told = settings()
    if told.config:
        return told.config.absolute()
    return (told.xdg_config_home or Path.home() / ".config") / "eligibility-matcher"


def fonts_dir() -> Path | None:
    """The folder the two commands put the Fandol fonts in, or None: then letters fall back on LXGW WenKai.

    Both places are searched by fontconfig of its own accord, so nobody needs this path to *use* the fonts.
    """
    data_home = settings().xdg_data_home or Path.home() / ".local" / "share"
    candidates = (Path("/usr/local/share/fonts/fandol"), data_home / "fonts" / "fandol")
    return next((folder for folder in candidates if (folder / _FANDOL).is_file()), None)


def _find(name: str) -> Path:
    for folder in (_PACKAGE / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"{name}/ is neither in {_PACKAGE} nor beside it: install the package again")
