"""Names taken apart, how they sound, and how far what was typed is from them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.db.database import open_engine, session
from matcher.db.migration import migrate
from matcher.firms.credit_code import read_code
from matcher.firms.models import Firm
from matcher.firms.name_index import FirmIndex, NewName, add_names
from matcher.firms.search.name_ranking import Way, compare, read_asked
from matcher.firms.search.name_search import code_within, find_firm_names, read_piece, repairs
from matcher.firms.search.names import asked_grams, grams, keys_of, read_name
from matcher.firms.search.pinyin import heard_so_far, sounds
from tests.conftest import count

MEANT = "天津市津澜汽车零部件有限公司"
CODE = "911201047061033945"


@pytest.mark.parametrize(
    ("written", "core", "region", "form"),
    [
        (MEANT, "津澜汽车零部件", "天津市", "有限公司"),
        ("津澜（天津）汽车零部件有限公司", "津澜汽车零部件", "()", "有限公司"),
        ("津澜（津天）汽车零部件有限公司", "津澜汽车零部件", "()", "有限公司"),
        ("津澜（天津汽车零部件有限公司", "津澜汽车零部件", "()", "有限公司"),
        ("天津市河西区王记早点铺", "王记早点铺", "天津市河西区", ""),
        ("天津市天津生态城王记早点铺", "王记早点铺", "天津市天津生态城", ""),
        ("天津津澜商贸有限公司武清分公司", "津澜商贸武清分公司", "天津", "有限公司"),
        ("天津市优荣咨询合伙企业（有限合伙）", "优荣咨询", "天津市", "合伙企业(有限合伙)"),
        ("天津市盘山禾丰果品种植农民专业合作社", "盘山禾丰果品种植", "天津市", "农民专业合作社"),
        ("天津和平商贸公司", "和平商贸", "天津", "公司"),
        ("天津市有限公司", "天津市有限公司", "", ""),
        ("", "", "", ""),
    ],
)
def test_a_name_is_taken_apart(written: str, core: str, region: str, form: str) -> None:
    """Region, core and legal form; a brand that is called like a district stays, and something always is the core."""
    name = read_name(written)
    assert (name.core, name.region, name.form) == (core, region, form)


@pytest.mark.parametrize(
    "typed",
    [
        "天津市津瀾汽車零部件有限公司",
        " 天津市 津澜\u3000汽车零部件\u00a0有限公司",
        "（天津市）津澜汽车零部件有限公司",
        MEANT + "\udc00",
    ],
)
def test_width_blanks_and_script_do_not_matter(typed: str) -> None:
    """Traditional characters, blanks of all kinds, brackets, and half a character that a broken program sends."""
    assert read_name(typed).whole == read_name(MEANT).whole


def test_numbers_are_one_however_written() -> None:
    """第3分公司 is 第三分公司, 壹 is 一."""
    assert read_name("津澜商贸第3分公司").core == read_name("津澜商贸第叁分公司").core == "津澜商贸第三分公司"


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("津澜汽车", "jin lan qi che"),
        ("jinlan汽车", "jin lan qi che"),
        ("JinLanQiChe", "jin lan qi che"),
        ("宝坻商行", "bao di shang hang"),
        ("tcl商贸", "tcl shang mao"),
    ],
)
def test_names_are_heard_as_firms_are_called(text: str, heard: str) -> None:
    """Letters are the pinyin they may be; characters are read as in names of firms."""
    assert " ".join(sounds(read_name(text).core)) == heard


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("jinlanq", "jin lan"),
        ("津澜qich", "jin lan qi"),
        ("jinlanqi", "jin lan qi"),
        ("zho", "zho"),
        ("津澜", "jin lan"),
    ],
)
def test_a_syllable_begun_is_left_out(text: str, heard: str) -> None:
    """While pinyin is typed, its last letters say nothing yet."""
    assert " ".join(heard_so_far(text)) == heard


@pytest.mark.parametrize("typed", ["jinlantianjinqiche", "tianjinshijinlanqicheyouxiangongsi", "jinlanqiche"])
def test_region_and_legal_form_are_no_core_in_pinyin_either(typed: str) -> None:
    """What is looked for is the core alone."""
    assert asked_grams(typed) == asked_grams("津澜汽车")


@pytest.mark.parametrize("begun", ["津", "津澜", "津澜汽", "jin", "jinl", "jinlan"])
def test_a_beginning_shares_a_key_with_its_name(begun: str) -> None:
    """From the first character on, or the first syllable."""
    assert set(asked_grams(begun)) & set(keys_of(MEANT).grams)


def test_keys_are_short() -> None:
    """However long a name's run of letters is, its keys fit their columns."""
    keys = keys_of("KLMNBVCXZQWRTPSDFGHJ" * 4 + "津" + "QWRTPSDFGHJKLMNBVCXZ" * 4 + "有限公司")
    assert max(map(len, keys.grams)) <= 40


@pytest.mark.parametrize("slip", ["金兰汽车零件", "津X汽车零件", "津汽车零件", "澜津汽车零件", "晶澜汽车零件"])
def test_pairs_survive_a_slip(slip: str) -> None:
    """With a character mistaken, left out or swapped at least two pairs of syllables are still those of the name."""
    right, wrong = (set(grams(sounds(read_name(text).core))) for text in ("津澜汽车零件", slip))
    assert len(right & wrong) >= 2


def test_first_letters_are_kept_of_the_whole_and_of_the_core() -> None:
    """Both are what people type."""
    keys = keys_of(MEANT)
    assert (keys.initials, keys.core_initials) == ("tjsjlqclbjyxgs", "jlqclbj")


@pytest.mark.parametrize(
    ("typed", "way"),
    [
        (MEANT, Way.SAME),
        ("津澜汽车零部件", Way.PARTS),
        ("天津市金兰汽车零部件有限公司", Way.SOUND),
        ("天津市律澜汽车零部件有限公司", Way.NEAR),
        ("jinlanqichelingbujian", Way.PINYIN),
        ("jinlan汽车零部件", Way.PINYIN),
    ],
)
def test_how_they_agree_is_said(typed: str, way: Way) -> None:
    """The same, the same but for its parts, by sound, nearly, by pinyin."""
    assert compare(read_asked(typed), MEANT)[1] is way


@pytest.mark.parametrize(
    ("typed", "nearer", "farther"),
    [
        ("津澜汽车零部件", "天津市津澜汽车零部件有限公司", "天津市金兰汽车零部件有限公司"),
        ("天津市金岚汽车零部件有限公司", "天津市金兰汽车零部件有限公司", "天津市金城汽车零部件有限公司"),
        ("天津津澜商贸有限公司", "天津津澜商贸有限公司", "天津市津澜商贸有限公司"),
        ("竹驰果蔬", "天津竹冀驰果蔬有限公司", "天津桥驰果蔬有限公司"),
        ("澜津汽车", "天津市津澜汽车有限公司", "天津市澜城汽车有限公司"),
        ("河西区王记早点铺", "天津市河西区王记早点铺", "天津市武清区王记早点铺"),
        ("天津市河西区王记早点铺", "天津市河西区王记早点铺", "河西区王记早点铺"),
        ("天津津澜商贸", "天津津澜商贸股份有限公司", "津澜（天津）商贸有限公司"),
        ("津澜汽车", "天津市津澜汽车零部件有限公司", "天津市津城汽车零部件有限公司"),
        ("jinlan汽车", "天津市津澜汽车有限公司", "天津市津澜气车有限公司"),
        ("jinlanqiche", "天津市津澜汽车有限公司", "天津市金莲汽车有限公司"),
    ],
)
def test_what_is_meant_is_nearer(typed: str, nearer: str, farther: str) -> None:
    """Same characters before same sounds, same parts before others, a beginning before another's whole.

    A character left out or swapped comes before one mistaken.
    """
    asked = read_asked(typed)
    assert compare(asked, nearer)[0] < compare(asked, farther)[0]


@pytest.mark.parametrize(
    ("typed", "piece"),
    [
        ("13444399-0", "134443990"),
        ("ma069ha1x", "MA069HA1X"),
        ("９１１２", "9112"),
        ("MAO6", "MA06"),
        ("123", None),
        ("MABXUEHQX", "MABXUEHQX"),
        ("jinlanqiche", None),
    ],
)
def test_pieces_of_codes_are_known(typed: str, piece: str | None) -> None:
    """Width, case and hyphens do not matter; O is 0; three characters are too few; pinyin is none."""
    assert read_piece(typed) == piece


def test_a_code_is_found_in_a_pasted_line() -> None:
    """What stands before and after it does not matter."""
    assert code_within(f"名称：津澜 统一社会信用代码：{CODE.lower()}。") == CODE
    assert code_within("津澜 91120104") is None


@pytest.mark.parametrize(
    "wrong",
    [
        CODE[:9] + "8" + CODE[10:],
        CODE[:9] + CODE[10] + CODE[9] + CODE[11:],
        CODE[:5] + CODE[6:],
        CODE[:5] + "7" + CODE[5:],
    ],
)
def test_one_slip_in_a_code_is_mended(wrong: str) -> None:
    """A wrong, missing, doubled or swapped character; every proposal passes the check, and few are made."""
    proposed = repairs(wrong)
    assert CODE in proposed
    assert len(proposed) < 40
    assert all(read_code(code).code for code in proposed if code[1:8].isdigit())


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirmIndex]:
    """An index of one firm."""
    address = f"sqlite:///{tmp_path_factory.mktemp('register')}/matcher.db"
    migrate(address)
    keys = keys_of(MEANT)
    with session(open_engine(address)) as writing:
        writing.add(Firm(id="T1", name=MEANT, credit_code=CODE, organisation=CODE[8:], code_backwards=CODE[::-1]))
        writing.flush()
        add_names(writing, [NewName("T1", MEANT, False, keys.grams, keys.initials, keys.core_initials)])
        yield FirmIndex(writing)


@pytest.mark.parametrize("typed", ["天津市武", "天津市武清", "天津市武清区"])
def test_a_district_that_is_half_typed_finds_the_names_that_begin_so(tmp_path: Path, typed: str) -> None:
    """Until more than the region is typed, firms whose name begins so are found; those of other districts are not."""
    address = f"sqlite:///{tmp_path}/matcher.db"
    migrate(address)
    opened = open_engine(address)
    with session(opened) as writing:
        for number, name in enumerate(("天津市武清区高姐药店", "天津市宝坻区紫丰超市")):
            code, keys = f"9212010{number}1047061033", keys_of(name)
            writing.add(
                Firm(id=f"T{number}", name=name, credit_code=code, organisation=code[8:], code_backwards=code[::-1])
            )
            writing.flush()
            add_names(writing, [NewName(f"T{number}", name, False, keys.grams, keys.initials, keys.core_initials)])
        assert [hit.id for hit in find_firm_names(typed, FirmIndex(writing))] == ["T0"]
    opened.dispose()


@settings(max_examples=count(2_000))
@given(text=st.text(st.characters(), max_size=200) | st.text("天津澜汽车jinlan公司（）91MA0 名称：", max_size=40))
def test_nothing_that_is_typed_breaks_the_search(index: FirmIndex, text: str) -> None:
    """Whatever the characters, it answers; scores are from 0 to 1."""
    assert all(0 < hit.score <= 1 for hit in find_firm_names(text, index))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("津", "name begins so"),
        ("天津市津澜", "name begins so"),
        ("汽车零部件", "part of the name"),
        ("零部", "part of the name"),
        ("jinlanq", "pinyin"),
    ],
)
def test_a_firm_is_found_as_it_is_typed(index: FirmIndex, typed: str, why: str) -> None:
    """By as much of its name as was typed so far, or by a piece of it."""
    assert [(hit.id, hit.why.en) for hit in find_firm_names(typed, index)] == [("T1", why)]


def test_a_firm_is_named_once(index: FirmIndex) -> None:
    """However many keys lead to it, a firm stands in the answer once, by what fits best."""
    found = find_firm_names("tjsjlqclbjyxgs", index)
    assert [(hit.id, hit.score, hit.why.zh) for hit in found] == [("T1", 1.0, "首字母")]
