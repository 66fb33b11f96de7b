"""People a centre reaches and the texts it sends: what is refused, and how a text is filled."""

import pytest

from matcher.contacts.service import fill_text, person_of
from matcher.db.faults import EntryError

TEXT = "【企业】：\n可以享受“【政策】”。\n金额约【金额】。\n【没有这个】\n\n【本中心】"


def test_a_text_is_filled_and_a_line_that_cannot_be_is_left_out() -> None:
    """A place that nothing is known for takes its line with it; what is no place stays as it was written."""
    told = {"企业": "天津海河乳品有限公司", "政策": "六税两费", "金额": "", "本中心": "和平区企业服务中心"}
    assert fill_text(TEXT, told) == ("天津海河乳品有限公司：\n可以享受“六税两费”。\n【没有这个】\n\n和平区企业服务中心")


def test_an_english_text_calls_the_places_in_english() -> None:
    """The same are meant."""
    assert fill_text("To 【firm】\nAbout 【sum】", {"企业": "Haihe Dairy", "金额": ""}) == "To Haihe Dairy"


@pytest.mark.parametrize("value", ["【政策】", "{0}", "a【企业】b", "\\g<1>"])
def test_what_is_filled_in_is_not_read_again(value: str) -> None:
    """A firm may be called like a place, or like a pattern."""
    assert fill_text("给【企业】", {"企业": value, "政策": "六税两费"}) == f"给{value}"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"phone": "022-12345678"}, "name"),
        ({"name": "李娜"}, "phone"),
        ({"name": "李娜", "phone": "<script>"}, "phone"),
        ({"name": "李娜", "email": "li@"}, "email"),
        ({"name": "李娜", "email": "li@example.com\nBcc: a@b.cn"}, "email"),
        ({"name": "李娜", "email": "a@b.cn,c@d.cn"}, "email"),
        ({"name": "李" * 101, "phone": "12345"}, "name"),
    ],
)
def test_a_person_who_cannot_be_reached_is_refused(told: dict[str, str], field: str) -> None:
    """The refusal names the field; one address is one address."""
    with pytest.raises(EntryError) as refused:
        person_of(told)
    assert refused.value.fields == (field,)


def test_a_person_is_kept_trimmed() -> None:
    """With a telephone or an e-mail address."""
    found = person_of({"name": " 李 娜 ", "phone": "022-1234 转 5", "email": "li.na@example.com.cn"})
    assert (found.name, found.phone, found.email) == ("李 娜", "022-1234 转 5", "li.na@example.com.cn")
