"""Where it is, in plain words: 人民东路188号后面, 红旗桥, 兴隆小区7栋2单元."""

from __future__ import annotations

import re

_NAME = r"[\u4e00-\u9fffA-Za-z0-9]"
_KIND = (
    r"(?:大道|国道|省道|县道|高速|路口|路|大街|街道|街|巷|胡同|弄|里弄|小区|新村|家园|花园|公寓|村|镇|乡|社区"
    r"|广场|大桥|桥|工业园|园区|中学|小学|大学|幼儿园|学校|医院|商场|市场|菜场|超市|酒店|宾馆|饭店|网吧|工地|加油站|车站"
    r"|地铁站|水库|大堤|河堤|码头|渡口|公园|景区|电影院|仓库|化工厂|厂|矿|大厦|大楼|养老院)"
)
_REST = (
    rf"(?:{_NAME}{{0,6}}?(?:号楼|楼道|号|栋|幢|座|单元|层|楼|室|门口|门|口|对面|旁边|旁|后面"
    r"|背后|前面|附近|边上|路边|地下室|车库|车间))*"
)
_PLACE = re.compile(rf"({_NAME}{{1,10}}?)({_KIND}{_REST})")
#: what ends before a place begins
_BEFORE = re.compile(
    r".*(?:位于|地[点址]是?|位置是?|在(?!建)|举报一?下?|举[抱暴]|反映一?下?|爆料|上?报(?!废)|报告|投诉|你们|我们|咱们?|俺们?|[她他]们|你好|您好"
    r"|请问|今天|昨天|昨晚|前天|今早|刚才|刚刚|每天|天天|路过|看[见到守]?|说|讲|[这那]里?[个家条座边只]?的?|[一有]家|有只|我家?|的"
    r"|给|从|到了?|着|是|了|等|填|去(?!年)|挨|沿)"
)
#: names nothing in particular
_VAGUE = re.compile(
    r"^(?:[一二三四五六七八九十两0-9]?级?|新盖|烟花|石拱|拱|吊|食堂|高速|人行|过|跨江|化工|工|马|山|城中|村口|村里|消防|安全|小|大|老|新"
    r"|第.*|.*下班|司机|整个|全|本|某|隔壁|对面|楼下|楼上|前面|后面|门口|附近|路边|危险品|没见过|jb|煤|铁|木材|印染|砖|水泥|.*(?:做|改|不|没|堵|拦|占|开|贴).*)$"
)
_TURN = re.compile(
    r"^(?:[东南西北前后正侧大]+门|[东南西北]+[侧边面头]|[^,。]{1,12}(?:门|口|号|楼|栋|单元|层|旁边?|对面|附近|门口|[东南西北]面))$"
)
_NUMBERED = re.compile(r"[0-9A-Za-z一二三四五六七八九十]+(号楼|号|栋|幢|座|单元|层|楼|室)")
#: characters of an answer that can be a place and nothing else
_BRIEF = 20
#: characters that may follow a place and still belong to it
_MORE = 6
#: characters of a name: 东风(路)
_SHORTEST = 2


def find_place(text: str) -> str | None:
    """The most particular place that `text` names; None when it only says "our street"."""
    found: list[str] = []
    for part in re.split(r"[\W_]|因为|但是|有人|有个|有一|没人", text):
        found += [place for match in _PLACE.finditer(part) if (place := _particular(match))]
    return max(found, key=len) if found else None


def fits_place(text: str) -> str | None:
    """After 不对,是: 东门, 188号, 人民路口."""
    said = re.sub(r"^(?:应该|应当|[是在为])+|[\s,。.!]+$|^[\s,]+", "", text)
    if len(said) > _BRIEF or not said:
        return None
    if _TURN.match(said):
        return said
    found = find_place(said)
    return said if found is not None and said.startswith(found) and len(said) - len(found) < _MORE else None


def put_right(place: str, part: str) -> str:
    """幸福小区3号楼楼道, and 5号楼: 幸福小区5号楼楼道. A part of another kind takes the place of the whole.

    >>> put_right("幸福小区3号楼楼道", "5号楼")
    '幸福小区5号楼楼道'
    """
    numbered = _NUMBERED.fullmatch(part)
    old = next((m for m in _NUMBERED.finditer(place) if numbered and m[1] == numbered[1]), None)
    return f"{place[: old.start()]}{part}{place[old.end() :]}" if old else part


def _particular(match: re.Match[str]) -> str | None:
    name = _BEFORE.sub("", match.group(1))
    return None if len(name) < _SHORTEST or _VAGUE.match(name) else name + match.group(2)
