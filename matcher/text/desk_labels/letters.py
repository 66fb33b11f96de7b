"""Letters and lists of firms that are checked. Each table maps codes to sentences."""

from collections.abc import Mapping

from ..translations import Sentence

# Kinds of letters.
LETTER_KIND: Mapping[str, Sentence] = {
    "eligibility": Sentence("核对结果"),
    "missing": Sentence("尚缺情况通知"),
}

# Languages of a letter.
LETTER_LANGUAGE: Mapping[str, Sentence] = {
    "zh": Sentence("中文"),
    "en": Sentence("英文"),
    "both": Sentence("中英对照"),
}

# States of a letter.
LETTER_STATE: Mapping[str, Sentence] = {
    "waiting": Sentence("待复核签发", "state of a letter"),
    "issued": Sentence("已签发", "state of a letter"),
    "refused": Sentence("已退回"),
}

# States of a run.
RUN_STATE: Mapping[str, Sentence] = {
    "mapping": Sentence("待确认各列"),
    "waiting": Sentence("排队中"),
    "running": Sentence("进行中"),
    "done": Sentence("已完成"),
    "cancelled": Sentence("已停止"),
    "failed": Sentence("未完成"),
}

# Steps of a run.
RUN_STEP: Mapping[str, Sentence] = {
    "waiting": Sentence("排队中，前面的做完就开始。"),
    "read": Sentence("正在读取各行……"),
    "check": Sentence("正在逐家核对"),
    "letters": Sentence("正在签发函件"),
    "files": Sentence("正在生成结果文件"),
}

# How a run hands out its letters.
RUN_LETTERS: Mapping[str, Sentence] = {
    "none": Sentence("不签发"),
    "zip": Sentence("签发，逐份打包（ZIP）"),
    "merged": Sentence("签发，另附合并打印文件"),
}

# Files of a run.
RUN_FILE: Mapping[str, Sentence] = {
    "results": Sentence("核对结果（Excel）"),
    "marked": Sentence("需要改正的行（Excel，已标出）"),
    "letters": Sentence("函件（ZIP，每家一份，带电子签名）"),
    "merged": Sentence("函件合并打印（PDF）"),
    "upload": Sentence("上传的原文件"),
}

# What a file of a run is for.
RUN_FILE_HINT: Mapping[str, Sentence] = {
    "marked": Sentence("只有有误的行，错处已标红，批注里写明原因；改好后可以直接再次上传，不会重复核对。"),
    "letters": Sentence("文件名是文号和企业名称，后来撤销或被替代的，文件名开头写明。发电子版请用这里的文件。"),
    "merged": Sentence("只供打印：合并后的文件不带电子签名，纸面上的文号和二维码照常可以验证。"),
}

# That a letter holds no more.
WITHDRAWN: Mapping[str, Sentence] = {
    "revoked": Sentence("{number}已撤销"),
    "superseded": Sentence("{number}已被替代"),
}
