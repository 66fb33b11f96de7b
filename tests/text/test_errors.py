"""Errors that are shown to people keep both languages wherever they are raised."""

import pickle

import pytest

from matcher.db import EntryError
from matcher.population import TableError
from matcher.text import BilingualError
from matcher.web import UploadRefusedError


@pytest.mark.parametrize(
    "error",
    [
        BilingualError(zh="没有文件。", en="there is no file."),
        TableError(zh="没有一列。", en="there is no column."),
        EntryError(("name",), "名称不对。", "the name is wrong."),
        UploadRefusedError("有病毒。", "there is a virus.", is_found=True),
    ],
)
def test_an_error_comes_whole_out_of_a_worker(error: BilingualError) -> None:
    """Both texts, the printed line and what else it knows are what they were before another process raised it."""
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), back.text, str(back)) == (type(error), error.text, str(error))
    assert vars(back) == vars(error)
