"""Settings: read and checked in one module, refused in words, and listed in the README as they are."""

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

from matcher.cli.group import main
from matcher.settings import Settings, SettingsError, settings

NAMES = [str(field.alias) for field in Settings.model_fields.values()]


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the test has no setting."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def shown(default: object) -> str:
    """A default as the table shows it: nothing, `8000`, `on`."""
    if default in (None, ()):
        return ""
    return f"`{('off', 'on')[default] if isinstance(default, bool) else default}`"


def readings(source: str) -> list[int]:
    """The lines of a module that read the environment, by themselves or through click."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names = [node.attr] if isinstance(node, ast.Attribute) else []
        names += [one.name for one in node.names] if isinstance(node, ast.ImportFrom) and node.module == "os" else []
        names += [node.arg or ""] if isinstance(node, ast.keyword) else []
        told = set(names) & {"environ", "environb", "getenv", "getenvb", "envvar", "auto_envvar_prefix"}
        base = node.value if isinstance(node, ast.Attribute) else None
        # `request.environ` is a request's, and `option.envvar` one of libpq's.
        if told and (base is None or (isinstance(base, ast.Name) and base.id == "os")):
            found.append(getattr(node, "lineno", 0))
    return found


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.environ['A']",
        "import os\nos.getenv('A')",
        "from os import environ",
        "@click.option('--host', envvar='HOST')\ndef f(): ...",
    ],
)
def test_a_reading_of_the_environment_is_found(source: str) -> None:
    """However it is written."""
    assert readings(source)


def test_no_other_module_reads_the_environment(repo_root: Path) -> None:
    """Whoever wants a setting asks `settings()`."""
    found = {
        f"{path.relative_to(repo_root)}:{line}"
        for path in (repo_root / "matcher").rglob("*.py")
        for line in readings(path.read_text("utf-8"))
    }
    # How many threads Polars takes is read by Polars itself, as a process starts: only there can it be said.
    may = ("matcher/settings.py:", "matcher/population/pool.py:", "matcher/population/spark.py:")
    assert {place for place in found if not place.startswith(may)} == set()
    assert found


def test_the_readme_lists_every_setting_with_default_and_meaning(repo_root: Path) -> None:
    """The rows of its table are those of `Settings`, in the same order, word for word."""
    wanted = [f"| `{f.alias}` | {shown(f.default)} | {f.description} |" for f in Settings.model_fields.values()]
    text = (repo_root / "README.md").read_text("utf-8")
    table = text.split("## Settings", 1)[1].split("\n## ", 1)[0]
    assert [line for line in table.splitlines() if line.startswith("| `")] == wanted, "\n".join(wanted)


def test_a_setting_is_read_with_its_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers are numbers, lists go by commas, on and off are either, addresses lose the slash at their end."""
    told = {
        "PORT": " 0 ",
        "JOBS": "Off",
        "ACCESS_LOG": "0",
        "TRUSTED_HOSTS": "a.cn, .b.cn,",
        "MATCHER_PUBLIC_URL": " https://hq.example.gov.cn/ ",
        "MATCHER_INSTANCE": "here",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    found = settings()
    assert (found.port, found.jobs, found.access_log) == (0, False, False)
    assert (found.trusted_hosts, found.public_url) == (("a.cn", ".b.cn"), "https://hq.example.gov.cn")
    assert found.instance == Path("here")


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """The defaults hold, as without it."""
    before = settings()
    for name in NAMES:
        monkeypatch.setenv(name, " ")
    assert settings() == before
    assert before.port == 8000


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("PORT", "65536", "0 到 65535 的整数", "a whole number from 0 to 65535"),
        ("WEB_CONCURRENCY", "0", "不小于 1 的整数", "a whole number, 1 or more"),
        ("WEB_CONCURRENCY", "two", "不小于 1 的整数", "a whole number, 1 or more"),
        ("PROXIES", "-1", "不小于 0 的整数", "a whole number, 0 or more"),
        ("JOBS", "never", "on 或 off", "on or off"),
        ("MATCHER_ANSWERS_MB", "1.5", "不小于 1 的整数", "a whole number, 1 or more"),
        (
            "MATCHER_SMTP",
            "mail.example.com",
            "以 smtp:// 或 smtps:// 开头的地址",
            "an address that begins with smtp:// or smtps://",
        ),
        ("MATCHER_EMBED_ORIGINS", "www.example.gov.cn", "网站的来源", "origins of sites, such as"),
        (
            "MATCHER_OIDC_ISSUER",
            "http://sign-in.example.gov.cn",
            "以 https:// 开头的网址",
            "an address that begins with https://",
        ),
        ("MATCHER_OIDC_GROUPS", "clerk=fuwu", "角色@中心=组", "role@centre=group"),
        ("MATCHER_PUBLIC_URL", "hq.example.gov.cn", "以 https:// 开头", "an address that begins with https://"),
    ],
)
def test_a_wrong_setting_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, zh: str, en: str
) -> None:
    """It is said which variable, what it must be and what it is, in both languages."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        settings()
    assert f"环境变量 {name} 应为{zh}" in refused.value.zh
    assert f"现为“{value}”" in refused.value.zh
    assert f"{name} must be {en}" in refused.value.en
    assert f"not '{value}'" in refused.value.en


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody corrects one only to be told of the next."""
    monkeypatch.setenv("PORT", "http")
    monkeypatch.setenv("JOBS", "maybe")
    with pytest.raises(SettingsError, match=r"PORT.*JOBS"):
        settings()


@pytest.mark.parametrize("command", [["serve"], ["facts"]])
def test_a_command_says_what_is_wrong_without_a_traceback(monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    """It ends with status 2, like other input that cannot be used."""
    monkeypatch.setenv("PORT", "http")
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 2
    assert "PORT must be a whole number from 0 to 65535, not 'http'" in done.stderr
    assert "Traceback" not in done.stderr


def test_secrets_do_not_stand_in_what_is_printed_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the secrets nor the passwords that addresses may hold."""
    for name in ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "MATCHER_KEYS_PASSPHRASE", "DATABASE_URL", "REDIS_URL"):
        monkeypatch.setenv(name, "not-for-eyes")
    assert settings().secret_key == "not-for-eyes"
    assert "not-for-eyes" not in repr(settings())
