"""serve: the secret is kept and kept private, the address is one a person can open, refusals say what to do."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from matcher.letters.pdf import fonts
from matcher.ops.secret import secret_key
from matcher.ops.serve import address, serve


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


def test_a_missing_letter_font_is_refused_with_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a font of the letters the site does not start, and says which package to install."""
    monkeypatch.setattr(fonts, "FONTS", {"No Such Face": fonts.FONTS["LXGW WenKai"]})
    with pytest.raises(SystemExit) as stopped:
        serve("127.0.0.1", 0)
    assert stopped.value.code == 1
    told = capsys.readouterr().err
    assert "No Such Face" in told
    assert "fonts-lxgw-wenkai" in told


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


def test_no_key_of_a_private_link_comes_into_the_log(tmp_path: Path) -> None:
    """Whether a request for a link is answered or cannot even be read, the server's output, the access log in it, does not
    hold the key.
    """
    key = "K" * 24
    command = [str(Path(sys.executable).with_name("matcher")), "serve", "--port", "0"]
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/matcher.db",
        "SECRET_KEY": "s" * 32,
        "WEB_CONCURRENCY": "1",
        "JOBS": "off",
    }
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout is not None
            line = next(line for line in server.stdout if line.startswith("Serving on "))
            port = urlsplit(line.split()[-1]).port
            for request, code in ((f"GET /link/{key} HTTP/1.1", b"404"), (f"get /link/{key} HTTP/1.1", b"400")):
                with socket.create_connection(("127.0.0.1", port)) as client:
                    client.sendall(f"{request}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
                    assert code in client.makefile("rb").readline()
        finally:
            server.terminate()
        told = server.stdout.read()
    assert key not in told
    assert '"route": "/link/<key>", "status": 404' in told
