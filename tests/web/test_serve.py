"""serve: the secret is kept and kept private, the address is one a person can open, refusals say what to do."""

import socket
from pathlib import Path

import pytest

from matcher.web.serve import address, secret_key, serve


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without SECRET_KEY a key is made in the folder, with mode 600, and is the same after a restart."""
    monkeypatch.delenv("SECRET_KEY", raising=False)
    folder = tmp_path / "instance"
    key = secret_key(folder)
    assert len(key) == 64
    assert secret_key(folder) == key
    assert [(path.name, path.stat().st_mode & 0o777) for path in folder.iterdir()] == [("secret_key", 0o600)]


def test_a_told_secret_is_used_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SECRET_KEY of the environment comes first and is not put on the disk."""
    monkeypatch.setenv("SECRET_KEY", "told")
    assert secret_key(tmp_path) == "told"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("localhost", "http://localhost:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("[::1]", "http://[::1]:8000"),
    ],
)
def test_the_address_can_be_opened(host: str, url: str) -> None:
    """Every host that can be listened on has an address that a browser on this machine understands."""
    assert address(host, 8000) == url


def test_a_taken_port_is_refused_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """Serving where somebody else listens stops at once with a sentence, not with a traceback."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SystemExit) as stopped:
            serve("127.0.0.1", taken.getsockname()[1])
    assert stopped.value.code == 1
    assert "set HOST or PORT" in capsys.readouterr().err


def test_a_database_that_cannot_be_read_is_refused_with_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong DATABASE_URL stops the start with the reason in both languages."""
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    with pytest.raises(SystemExit):
        serve("127.0.0.1", 0)
    told = capsys.readouterr().err
    assert "网站无法启动" in told
    assert "DATABASE_URL cannot be read" in told
