"""Where a webhook may go and where not, and what is signed: against real servers on this machine."""

import base64
import hashlib
import hmac
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from matcher.webhooks.sending import LARGEST, Unsent, may_reach, post, reachable, target_of
from matcher.webhooks.signing import SecretLostError, closed, new_secret, opened, signature

LOOPBACK = (ip_network("127.0.0.0/8"),)
OK = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"


@contextmanager
def listening(answer: Callable[[socket.socket], None], host: str = "127.0.0.1") -> Iterator[int]:
    """A server that gives each connection to a function; its port."""
    with socket.create_server((host, 0)) as server:
        server.settimeout(0.2)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                with suppress(TimeoutError, OSError):
                    connection, _ = server.accept()
                    with connection, suppress(OSError, ssl.SSLError):
                        answer(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()
            thread.join(10)


def request_of(connection: socket.socket) -> bytes:
    """A whole request: a server that closes with some of it unread resets the connection."""
    with connection.makefile("rb") as lines:
        head = b"".join(iter(lambda: lines.readline(65536).replace(b"\r\n", b"\n").rstrip(b"\n") + b"\n", b"\n"))
        found = [
            int(line.partition(b":")[2]) for line in head.lower().split(b"\n") if line.startswith(b"content-length:")
        ]
        return head + b"\n" + lines.read(sum(found))


def said(text: bytes) -> Callable[[socket.socket], None]:
    """A server that reads a request and says this."""

    def answer(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(text)

    return answer


def fault_of(url: str, **more: object) -> str:
    """Why nothing was sent."""
    with pytest.raises(Unsent) as error:
        post(url, b"{}", {}, **{"allowed": LOOPBACK, **more})  # type: ignore[arg-type]
    return error.value.fault


OURS = """
127.0.0.1 127.8.8.8 0.0.0.0 10.0.0.1 172.16.5.4 192.168.1.1 169.254.169.254 100.64.0.1 192.0.0.8 198.18.0.1 224.0.0.1
239.1.1.1 240.0.0.1 255.255.255.255 ::1 :: fe80::1 fec0::1 fc00::1 fd12::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1
2002:7f00:1:: 2002:a00:1::1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 2001:db8::1 2001:0:4136:e378:8000:63bf:80ff:fffe
"""


@pytest.mark.parametrize("address", OURS.split())
def test_no_address_of_our_own_is_reached(address: str) -> None:
    """Loopback, private, link-local, shared, multicast and reserved, also inside an IPv6 address; without a setting."""
    assert not may_reach(ip_address(address), ())
    name = f"[{address}]" if ":" in address else address
    assert fault_of(f"https://{name}/", allowed=()) == "address"


def test_a_public_address_is_reached_and_an_allowed_one() -> None:
    """A network of the settings opens itself and nothing beside."""
    assert may_reach(ip_address("93.184.216.34"), ())
    assert may_reach(ip_address("2606:2800:220:1::1"), ())
    allowed = (ip_network("10.1.0.0/16"),)
    assert may_reach(ip_address("10.1.2.3"), allowed)
    assert may_reach(ip_address("::ffff:10.1.2.3"), allowed)
    assert not may_reach(ip_address("10.2.0.1"), allowed)


@pytest.mark.parametrize("written", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1", "localhost"])
def test_other_spellings_of_this_machine_lead_nowhere(written: str) -> None:
    """Whatever the system makes of a name, what is looked at is the address that it makes of it."""
    assert fault_of(f"https://{written}/", allowed=()) in ("address", "name")


@pytest.mark.parametrize(
    "url",
    [
        *(
            "ftp://a.example/",
            "file:///etc/passwd",
            "gopher://a/",
            "https://",
            "https:///x",
            "//a.example",
            "a.example",
        ),
        *("https://user@a.example/", "https://user:pw@a.example/", "https://a.example:99999/", "https://a.example/ x"),
        *(
            "https://a.example/\r\nX: y",
            "https://a.example\\@b.example/",
            "https://天津.example/",
            "https://a/" + "x" * 500,
        ),
        *("https://[::1", "http://a:b/"),
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    """Other schemes, a user, a line break, a backslash, letters beyond ASCII, what is too long."""
    with pytest.raises(Unsent):
        target_of(url)


def test_any_bad_address_of_a_name_refuses_it() -> None:
    """A name with a public and a private address goes nowhere, whichever comes first."""
    target = target_of("https://two.example/")
    for found in (["93.184.216.34", "10.0.0.1"], ["10.0.0.1", "93.184.216.34"]):
        with pytest.raises(Unsent):
            reachable(target, (), lambda *_, found=found: found)
    assert reachable(target, (), lambda *_: ["93.184.216.34", "93.184.216.35"]) == "93.184.216.34"


def test_a_name_that_answers_otherwise_later_leads_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is looked up once; the connection goes to the address that was looked at, with the name as Host."""
    asked: list[str] = []
    heard: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        heard.append(request_of(connection))
        connection.sendall(OK)

    def resolver(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    with listening(answer) as port:
        real = socket.getaddrinfo

        def only_numbers(host: str, *more: object, **named: object) -> object:
            ip_address(host)  # a name would be looked up a second time
            return real(host, *more, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(socket, "getaddrinfo", only_numbers)
        assert (
            post(f"http://rebinding.example:{port}/hook?a=1", b'{"a": 1}', {"X-Id": "1"}, LOOPBACK, resolver=resolver)
            == 204
        )
    assert asked == ["rebinding.example"]
    head, _, body = heard[0].partition(b"\n\n")
    assert head.startswith(b"POST /hook?a=1 HTTP/1.1\n")
    assert f"Host: rebinding.example:{port}".encode() in head
    assert body == b'{"a": 1}'


def test_http_goes_to_allowed_networks_alone() -> None:
    """To a public address nothing is sent in clear."""
    assert fault_of("http://public.example/", resolver=lambda *_: ["93.184.216.34"]) == "address"


def test_no_redirect_is_followed_and_no_proxy_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A 302 is an answer like any other; what it points to is not asked."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with listening(
        said(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n")
    ) as port:
        assert post(f"http://127.0.0.1:{port}/", b"{}", {}, LOOPBACK) == 302


def test_who_speaks_slowly_is_cut_off() -> None:
    """The whole has one limit of time, though a byte come every moment; a body without end is not read."""
    go_on = threading.Event()

    def drips(connection: socket.socket) -> None:
        request_of(connection)
        while not go_on.wait(0.05):
            connection.sendall(b"H")

    def endless(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(200):
            connection.sendall(b"x" * 65536)

    with listening(drips) as port:
        assert fault_of(f"http://127.0.0.1:{port}/", seconds=0.5) in ("timeout", "answer")
        go_on.set()
    with listening(endless) as port:
        assert post(f"http://127.0.0.1:{port}/", b"{}", {}, LOOPBACK) == 200


@pytest.mark.parametrize(
    ("answer", "fault"),
    [(b"", "answer"), (b"nonsense\r\n\r\n", "answer"), (b"HTTP/1.1 " + b"x" * 70000 + b"\r\n", "answer")],
)
def test_what_is_no_answer_is_none(answer: bytes, fault: str) -> None:
    """Closed at once, no HTTP, a line without end."""
    with listening(said(answer)) as port:
        assert fault_of(f"http://127.0.0.1:{port}/") in (fault, "connection")


def test_nobody_listens() -> None:
    """And a body that is too large is not begun."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert fault_of(f"http://127.0.0.1:{port}/") == "connection"
    with pytest.raises(Unsent):
        post(f"http://127.0.0.1:{port}/", b"x" * (LARGEST + 1), {}, LOOPBACK)


def authority(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The context of a server called so, and that of a client which believes it."""
    key, subject = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    at = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(at - timedelta(days=1)).not_valid_after(at + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    made = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, SHA256())
    file = folder / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


def test_tls_asks_for_the_name_and_not_for_the_address(tmp_path: Path) -> None:
    """Pinned to an address, the certificate must still be the name's; the system's authorities know neither of these."""
    server, trusted = authority(tmp_path, "hook.example")

    def answer(connection: socket.socket) -> None:
        with server.wrap_socket(connection, server_side=True) as wrapped:
            request_of(wrapped)
            wrapped.sendall(OK)

    with listening(answer) as port:
        more = {"resolver": lambda *_: ["127.0.0.1"], "trusted": trusted}
        assert post(f"https://hook.example:{port}/", b"{}", {}, LOOPBACK, **more) == 204  # type: ignore[arg-type]
        assert fault_of(f"https://other.example:{port}/", **more) == "tls"
        assert fault_of(f"https://hook.example:{port}/", resolver=more["resolver"]) == "tls"


def test_the_signature_is_that_of_the_specification() -> None:
    """HMAC-SHA256 over id, time and body, in base64 after `v1,`, with the secret that stands in base64 after `whsec_`."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    # The example of the Standard Webhooks specification.
    found = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    own = new_secret()
    key = base64.b64decode(own.removeprefix("whsec_"))
    assert len(key) == 32
    expected = base64.b64encode(hmac.new(key, b"m.1.{}", hashlib.sha256).digest()).decode()
    assert signature(own, "m", 1, b"{}") == f"v1,{expected}"


def test_a_secret_opens_by_the_sites_own_or_an_older_one() -> None:
    """After the site's secret changed the older one opens it; without it, it is lost."""
    secret = new_secret()
    kept = closed("a" * 32, secret)
    assert secret not in kept
    assert opened(["b" * 32, "a" * 32], kept) == secret
    with pytest.raises(SecretLostError):
        opened(["b" * 32], kept)
