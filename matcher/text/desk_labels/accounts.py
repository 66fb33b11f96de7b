"""Accounts, their roles and what is done with them. Each table maps codes to sentences."""

from collections.abc import Mapping

from ..translations import Sentence

# Roles.
ROLE: Mapping[str, Sentence] = {
    "clerk": Sentence("经办"),
    "supervisor": Sentence("审核"),
    "administrator": Sentence("管理员"),
    "auditor": Sentence("审计"),
}

# What a role may do.
ROLE_MAY: Mapping[str, Sentence] = {
    "clerk": Sentence("：找企业、办件、出函"),
    "supervisor": Sentence("：另可复核函件、删除企业信息、看操作记录和规则待办"),
    "administrator": Sentence("：只管账号、本中心设置和规则待办，不看办件"),
    "auditor": Sentence("：只看不改"),
}

# What an administrator may do with an account.
ACCOUNT_ACTION: Mapping[str, Sentence] = {
    "unlock": Sentence("清除试错次数"),
    "password": Sentence("重置密码"),
    "factor": Sentence("重置两步验证"),
    "deactivate": Sentence("停用账号"),
    "activate": Sentence("恢复账号"),
}

# What an action on an account does.
ACCOUNT_ACTION_TEXT: Mapping[str, Sentence] = {
    "unlock": Sentence("近15分钟有人用这个登录名输错密码或验证码。清除后本人不必再等。"),
    "password": Sentence("忘了密码时用：换成一个新的初始密码，已登录的全部退出。"),
    "factor": Sentence("手机丢了或换了时用：关闭两步验证，本人登录后可再开启。"),
    "deactivate": Sentence("人员离岗时用：不能再登录，已登录的立即退出；以前的记录都保留。"),
    "activate": Sentence("恢复后可用原来的密码登录。"),
}

# That an action on an account is done.
ACCOUNT_ACTION_DONE: Mapping[str, Sentence] = {
    "unlock": Sentence("已清除，可以马上再试。"),
    "factor": Sentence("两步验证已关闭。"),
    "deactivate": Sentence("账号已停用。"),
    "activate": Sentence("账号已恢复。"),
}
