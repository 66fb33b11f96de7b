"""The letters of a run as they are fetched: an archive in pieces, and files to print that hold the same pages."""

import io
import zipfile
from collections.abc import Callable

import pypdfium2
import pytest
from pypdf import PdfReader
from sqlalchemy import Engine

from matcher.batches.letters import PRINTED, archive, parts, printed, reader, reader_to_print, standing_reader
from matcher.db.database import reading, session
from matcher.letters.issue import Office, issue
from matcher.letters.order import Order
from matcher.letters.proof.picture import codes_of
from matcher.letters.proof.receipt import read_receipt
from matcher.letters.register import RegisterEntry, kept_receipt, revoke_letter
from tests.fixtures.issuing import FIRM, NOON

NAMES = ("天津市喆堃镕科技有限公司", 'a/b\\c:d*e?f"g<h>i|j\n', None, "长" * 100)


@pytest.fixture
def read(engine: Engine) -> Callable[[str], bytes]:
    """Reads letters of the register, and remembers which."""
    return reader(engine)


def test_an_archive_comes_piece_by_piece(letter: RegisterEntry, read: Callable[[str], bytes]) -> None:
    """A letter is read when its turn comes; together it is a whole archive with the sizes before each file."""
    asked: list[str] = []

    def watched(number: str) -> bytes:
        asked.append(number)
        return read(number)

    letters = [(letter.number, name) for name in NAMES]
    pieces = archive(letters, watched)
    first = next(pieces)
    assert len(asked) == 1
    whole = first + b"".join(pieces)
    content = read(letter.number)
    assert len(first) < 2 * len(content)
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        assert packed.testzip() is None
        assert [packed.read(name) for name in packed.namelist()] == [content] * len(NAMES)
        number = letter.number
        assert packed.namelist() == [f"{number}-{name}.pdf" for name in (NAMES[0], "abcdefghij", "-", "长" * 60)]
        # Some unpackers read from the front and need the size before the file.
        assert not any(one.flag_bits & 0x08 for one in packed.infolist())
    assert whole == b"".join(archive(letters, read))


def test_an_archive_of_nothing_is_one(read: Callable[[str], bytes]) -> None:
    """Without a letter it is empty and can be opened."""
    with zipfile.ZipFile(io.BytesIO(b"".join(archive([], read)))) as packed:
        assert packed.namelist() == []


@pytest.mark.parametrize(
    ("letters", "dealt"),
    [(0, []), (1, [(0, 1)]), (PRINTED, [(0, PRINTED)]), (PRINTED + 1, [(0, PRINTED), (PRINTED, PRINTED + 1)])],
)
def test_letters_are_dealt_into_parts(letters: int, dealt: list[tuple[int, int]]) -> None:
    """Each letter is in one part, in order."""
    assert [(part.start, part.stop) for part in parts(letters)] == dealt


def test_what_is_printed_is_what_was_signed(letter: RegisterEntry, read: Callable[[str], bytes]) -> None:
    """A part has the pages of its letters and no others, word for word, and no field of a signature that it cannot bear."""
    signed = PdfReader(io.BytesIO(read(letter.number)))
    together = b"".join(printed([(letter.number, None)] * 5, range(3, 5), read, "zh"))
    made = PdfReader(io.BytesIO(together))
    texts = [page.extract_text() for page in signed.pages]
    assert all(texts)
    empty = [""] * (len(texts) % 2)  # so that on both sides of the paper the next begins on a sheet of its own
    assert [page.extract_text() for page in made.pages] == [*texts, *empty, *texts]
    assert not any("/Annots" in page for page in made.pages)
    assert made.get_fields() is None
    assert together == b"".join(printed([(letter.number, None)] * 5, range(3, 5), read, "zh"))


def test_what_was_withdrawn_since_says_so_in_print(
    office: Office, order: Callable[..., Order], letter: RegisterEntry
) -> None:
    """Between two that hold, each page of a revoked letter is marked; in the archive its file stays as it is and its name says so."""
    other = issue(office, order(FIRM | {"name": "天津市海河口五金有限公司"}), NOON)
    with session(office.engine) as writing:
        revoke_letter(writing, letter.number, "填错了", NOON)
    read = reader_to_print(office.engine)
    wanted = [(other.number, None), (letter.number, None), (other.number, None)]
    pages = [
        page.extract_text() for page in PdfReader(io.BytesIO(b"".join(printed(wanted, range(3), read, "zh")))).pages
    ]
    marked = ["已撤销" in text for text in pages if text]
    each = len(marked) // 3
    assert marked == [False] * each + [True] * each + [False] * each
    packed = b"".join(archive(wanted[:2], reader(office.engine), standing_reader(office.engine, "zh")))
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        assert opened.namelist() == [f"{other.number}--.pdf", f"已撤销-{letter.number}--.pdf"]
        assert opened.read(opened.namelist()[1]) == reader(office.engine)(letter.number)


@pytest.mark.parametrize(
    ("lang", "title"),
    [("zh", "待打印的2份函件：{number}—{number}"), ("en", "Letters to print (2): {number} to {number}")],
)
def test_a_joined_print_says_what_it_is(
    letter: RegisterEntry, read: Callable[[str], bytes], lang: str, title: str
) -> None:
    """A title in the window's bar, a language for who reads it aloud, and a list of the letters that leads to each."""
    wanted = [(letter.number, NAMES[0]), (letter.number, None)]
    made = PdfReader(io.BytesIO(b"".join(printed(wanted, range(2), read, lang))))
    assert made.metadata is not None
    assert made.metadata.title == title.format(number=letter.number)
    assert made.root_object["/Lang"] == ("en" if lang == "en" else "zh-CN")
    assert made.root_object["/ViewerPreferences"]["/DisplayDocTitle"]
    listed = [one for one in made.outline if not isinstance(one, list)]
    assert [one.title for one in listed] == [f"{letter.number} {NAMES[0]}", letter.number]
    pages = [made.get_destination_page_number(one) for one in listed]
    assert [(made.pages[at or 0].extract_text() or "")[:40] for at in pages] == [made.pages[0].extract_text()[:40]] * 2
    assert pages == [0, len(made.pages) // 2 + len(made.pages) % 2]


def test_codes_of_a_joined_print_are_those_of_its_letters(
    office: Office, order: Callable[..., Order], letter: RegisterEntry, read: Callable[[str], bytes]
) -> None:
    """Sheet by sheet, each letter's own code is read from what the printer gets, in the order of the letters."""
    both = issue(office, order(lang="both", schemes=None), NOON)
    wanted = [(both.number, None), (letter.number, None)]
    found = []
    with pypdfium2.PdfDocument(b"".join(printed(wanted, range(2), read, "zh"))) as print_:
        for page in print_:
            found += codes_of(page.render(scale=150 / 72, grayscale=True).to_pil())
    with reading(office.engine) as register:
        assert found == [read_receipt(kept_receipt(register, number).encode()).statement for number, _ in wanted]
