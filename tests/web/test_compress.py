"""Tests of packing: who can unpack gets a small page, others the same page as it is."""

import gzip

from tests.fixtures.pages import Visitor


def test_a_page_is_packed_for_whoever_can_unpack_it(visitor: Visitor) -> None:
    """The packed page is the plain page, at a fifth of its size or less, and no cache is told to tell them apart."""
    packed = visitor.client.get("/document", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    body = gzip.decompress(packed.data)
    assert int(packed.headers["Content-Length"]) == len(packed.data) <= len(body) / 5
    assert "政策文件" in body.decode()
    assert "Vary" not in packed.headers


def test_others_get_it_plain(visitor: Visitor) -> None:
    """Without a word on packing, or with gzip ruled out, nothing is packed."""
    for headers in ({}, {"Accept-Encoding": "gzip;q=0"}):
        plain = visitor.client.get("/all", headers=headers)
        assert "Content-Encoding" not in plain.headers
        assert "看看贵单位" in plain.text


def test_what_shared_caches_keep_says_that_it_varies(visitor: Visitor) -> None:
    """The style sheet is packed too, and a shared cache keeps both forms apart."""
    link = visitor.get().root.find(".//link[@rel='stylesheet']")
    assert link is not None
    sheet = visitor.client.get(link.get("href") or "", headers={"Accept-Encoding": "gzip"})
    assert sheet.headers["Content-Encoding"] == "gzip"
    assert sheet.headers["Vary"] == "Accept-Encoding"


def test_what_is_small_stays_as_it_is(visitor: Visitor) -> None:
    """A few bytes are not worth packing."""
    assert "Content-Encoding" not in visitor.client.get("/healthz", headers={"Accept-Encoding": "gzip"}).headers
