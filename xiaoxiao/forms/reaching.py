"""How she can be reached: a telephone number, with a name if she gives one; or anonymously."""

from __future__ import annotations

import re

from xiaoxiao.forms.form import Misread, Values
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.words import Words

_BETWEEN = r"[\s\-–—]?"
_MOBILE = re.compile(rf"(?<!\d)1[3-9]\d{_BETWEEN}\d{{4}}{_BETWEEN}\d{{4}}(?!\d)")
_LANDLINE = re.compile(rf"(?<!\d)0\d{{2,3}}{_BETWEEN}[2-8]\d{{6,7}}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_DIGITS = re.compile(r"\d[\d\s\-–—]{4,}\d")
#: 姓张, 我叫李小明, 王师傅
_NAME = re.compile(
    r"(?:我?叫|我是|姓名是?|名字是?|联系人是?|我?姓)\s*([\u4e00-\u9fff·]{1,6}?)(?=$|[\W\d_]|电话|手机|号码)"
)
_ALONE = re.compile(r"^([\u4e00-\u9fff·]{2,4})$")
_AROUND = re.compile(
    r"我的?|电话号码|电话|手机号码?|手机|号码|联系方式|可以|打|是|留|就|吧|的|,|:|\s|。|实名|不匿名"
)


def find_reach(said: Said) -> Values | None:
    """A telephone number that is one, wherever it stands."""
    found = _MOBILE.search(said.plain) or _LANDLINE.search(said.plain)
    if found is None:
        return None
    number = re.sub(r"[\s–—]", "", found.group())
    name = _name(said.plain.replace(found.group(), " "))
    return {"contact": "named", "phone": number.replace("-", "") if number[0] == "1" else number, **name}


def read_reach(said: Said, words: Words) -> Values | Misread | None:
    """The answer to "number or anonymous?"."""
    if _IDENTITY.search(said.plain):
        return Misread("report_contact_identity")
    if (reach := find_reach(said)) is not None:
        return reach
    if words.brief(said.plain, ("anonymous",)):
        return {"contact": None}
    if found := _DIGITS.search(said.plain):
        return Misread("report_contact_wrong", {"count": str(len(re.sub(r"\D", "", found.group())))})
    return Misread("report_contact_number") if words.brief(said.plain, ("named", "yes")) else None


def _name(rest: str) -> Values:
    found = _NAME.search(rest) or _ALONE.match(_AROUND.sub("", rest))
    return {"name": found.group(1)} if found else {}
