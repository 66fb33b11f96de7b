"""Hands out a file to be saved and not to be kept by the browser: a firm's papers are nothing for a shared computer's cache."""

from io import BytesIO

from flask import Response, send_file


def download(content: bytes, media_type: str, name: str) -> Response:
    """A file under this name, always to be saved, never opened in the page nor kept in a cache."""
    answer = send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
