"""What strangers upload goes through a virus scanner before anything opens it, where `MATCHER_CLAMAV` names one.

The scanner is ClamAV's daemon, asked in its own protocol (``INSTREAM``, clamd(8)) over a socket: the file goes to it and no
path, so that it may run under another user or on another machine. Of the clients on PyPI the ones that are kept up either
know no unix socket, or bound no time while they connect, or send a kilobyte at a time.

What cannot be scanned is refused, never let through: a scanner that is set is wanted.
"""

from __future__ import annotations

import logging
import socket
from contextlib import suppress
from time import monotonic

from flask import has_request_context

from matcher.settings import settings
from matcher.text import BilingualError

from .access_log import request_id

SECONDS = 30

"""How long one file may take, from connecting to the answer."""

_CHUNK = 64 * 1024

_LONGEST_REPLY = 4096

_log = logging.getLogger("matcher.scanning")


class UploadRefusedError(BilingualError):
    """A file that is not taken; ``text`` says why and what to do.

    :ivar is_found: whether the scanner found something in it; otherwise it could not be scanned.
    """

    def __init__(self, zh: str, en: str, *, is_found: bool = False) -> None:
        super().__init__(zh, en)
        self.is_found = is_found


class ScannerError(Exception):
    """The scanner does not answer, or not as it should; ``str()`` says how, for logs and `matcher doctor`."""


def scan(content: bytes) -> None:
    """Let the scanner look at an upload; without one nothing is done.

    :raises UploadRefusedError: where it finds something, does not answer within `SECONDS`, or takes no file so large.
    """
    address = settings().clamav
    if address is None or not content:
        return
    try:
        reply = _asked(address, b"zINSTREAM\0", content)
        if not reply.startswith("stream: ") or not reply.endswith((" FOUND", " OK")):
            raise ScannerError(reply or "no answer")
    except ScannerError as error:
        _note("not scanned: %s", str(error))
        raise _unscanned(str(error)) from None
    if reply.endswith(" FOUND"):
        name = reply.removeprefix("stream: ").removesuffix(" FOUND")
        _note("refused, found %s", name)
        raise UploadRefusedError(
            f"病毒扫描在这个文件里发现了“{name}”，文件没有收下，也没有保存。请先在自己的电脑上查杀，再传干净的文件。",
            f"The virus scanner found “{name}” in this file; it was neither taken nor kept. Clean the computer it comes from, "
            "then send a clean file.",
            is_found=True,
        )


def scanner_version() -> str | None:
    """What the scanner says of itself, such as ``ClamAV 1.4.3/27800/…``; None where none is set. Raises ScannerError."""
    address = settings().clamav
    if address is None:
        return None
    reply = _asked(address, b"zVERSION\0")
    if not reply.startswith("ClamAV"):
        raise ScannerError(reply or "no answer")
    return reply


def _asked(address: str, command: bytes, content: bytes | None = None) -> str:
    """The scanner's reply to a command and what is sent with it, all within `SECONDS`."""
    until = monotonic() + SECONDS
    try:
        with _connected(address, until) as connection:
            with suppress(
                BrokenPipeError, ConnectionResetError
            ):  # it had enough: what it says of that may be read all the same
                _send(connection, until, command)
                for start in range(0, len(content or b""), _CHUNK):
                    piece = (content or b"")[start : start + _CHUNK]
                    _send(connection, until, len(piece).to_bytes(4) + piece)
                if content is not None:
                    _send(connection, until, bytes(4))
            return _reply(connection, until)
    except OSError as error:
        raise ScannerError(error.strerror or str(error) or type(error).__name__) from None


def _connected(address: str, until: float) -> socket.socket:
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), _left(until))
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.settimeout(_left(until))
        made.connect(address)
    except OSError:
        made.close()
        raise
    return made


def _send(connection: socket.socket, until: float, data: bytes) -> None:
    connection.settimeout(_left(until))
    connection.sendall(data)


def _reply(connection: socket.socket, until: float) -> str:
    found = b""
    while b"\0" not in found and len(found) < _LONGEST_REPLY:
        connection.settimeout(_left(until))
        piece = connection.recv(_LONGEST_REPLY)
        if not piece:
            break
        found += piece
    return found.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError(f"no answer within {SECONDS} s")
    return left


def _unscanned(reason: str) -> UploadRefusedError:
    if "size limit exceeded" in reason:
        return UploadRefusedError(
            "文件超过病毒扫描能收的大小，没有收下。请拆成几个小文件，或请管理员把 clamd 的 StreamMaxLength 调大。",
            "The file is larger than the virus scanner takes; it was not taken. Split it, or let an administrator raise clamd's "
            "StreamMaxLength.",
        )
    return UploadRefusedError(
        "病毒扫描没有答复，文件没有收下。请过几分钟再传；还是不行，请管理员运行 matcher doctor 查看原因。",
        "The virus scanner does not answer; the file was not taken. Try again in some minutes; if that does not help, an "
        "administrator finds the cause with matcher doctor.",
    )


def _note(message: str, what: str) -> None:
    """In the log by the request's number, without the file, its name, or who sent it."""
    _log.warning(f"upload %s {message}", request_id() if has_request_context() else "-", what)
