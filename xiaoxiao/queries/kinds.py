"""The kinds of data an office imports, and their columns. What a back end answers has the same columns."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from xiaoxiao.queries.alerts import Alert, Level
from xiaoxiao.queries.bureaus import Bureau
from xiaoxiao.queries.columns import BadRow, Column, Problem, read_row
from xiaoxiao.queries.entries import Entry
from xiaoxiao.queries.news import NewsItem
from xiaoxiao.queries.places import Place, PlaceKind
from xiaoxiao.queries.positions import Position
from xiaoxiao.queries.quakes import Quake
from xiaoxiao.queries.shelters import Shelter
from xiaoxiao.queries.suspensions import Suspended, Suspension
from xiaoxiao.queries.typhoons import Typhoon
from xiaoxiao.queries.values import (
    choice,
    chosen,
    day,
    link,
    listed,
    matching,
    moment,
    number,
    text,
    yes_or_no,
)

R = TypeVar("R")


@dataclass(frozen=True)
class Kind(Generic[R]):
    name: str  #: xiaoxiao import <name>
    label: str
    columns: tuple[Column, ...]
    make: Callable[
        ..., R
    ]  #: from the values of the columns, as keywords; ValueError in words when they do not fit
    key: Callable[[R], str] = lambda record: ""  #: by which single records are asked for
    identity: tuple[str, ...] = ("id",)  #: columns that no two records share

    def read(self, row: Mapping[str, Any], *, lenient: bool = False) -> R:
        """A record from a row (see `columns.read_row`). BadRow."""
        values = read_row(self.columns, row, lenient=lenient)
        if "id" in values and values["id"] is None:
            values["id"] = _made_id(values)
        try:
            return self.make(**values)
        except BadRow:
            raise
        except ValueError as complaint:
            raise BadRow([Problem("整行", str(complaint))]) from None


def optional(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The same columns, none of them required."""
    return tuple(Column(c.name, c.headings, c.read, False, c.default) for c in columns)


def _made_id(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:16]


def _at(latitude: float, longitude: float, **values: Any) -> dict[str, Any]:
    return {**values, "position": Position(latitude, longitude)}


ID = Column("id", ("编号", "标识"), text(100), required=False)
LATITUDE = Column("latitude", ("纬度",), number(-90, 90))
LONGITUDE = Column("longitude", ("经度",), number(-180, 180))
#: within China: the two exchanged, or degrees and minutes, are noticed
HERE = (
    Column("latitude", ("纬度",), number(3, 54)),
    Column("longitude", ("经度",), number(73, 136)),
)
DISTRICT = Column("district", ("区县", "所在区县", "行政区"), text(40))
DISTRICTS = Column("districts", ("区县", "适用区县"), listed(40), required=False, default=())
ISSUER = Column("issuer", ("发布单位", "发布机关", "发布机构"), text(80))
ISSUED_AT = Column("issued_at", ("发布时间",), moment)
LINK = Column("link", ("链接", "网址", "原文链接"), link, required=False)
NOTE = Column("note", ("备注", "说明"), text(300), required=False)
PHONE = Column(
    "phone", ("电话", "联系电话"), matching(r"[+\d][\d\-()转,、/]{2,39}", "电话号码"), required=False
)
CHECKED_ON = Column("checked_on", ("核对日期",), day, required=False)

LEVELS = {
    **{word: level for level in Level for word in (level.label, level.label[0], f"{level.label}预警")},
    **dict(
        zip(("I级", "II级", "III级", "IV级", "一级", "二级", "三级", "四级"), tuple(Level) * 2, strict=True)
    ),
}

ALERTS = Kind(
    "alerts",
    "预警",
    (
        ID,
        Column("title", ("标题", "预警标题"), text(200)),
        Column("kind", ("类别", "预警类别"), text(40), required=False),
        Column("level", ("级别", "颜色", "预警级别"), choice(Level, LEVELS), required=False),
        Column("starts_at", ("起始时间", "开始时间"), moment, required=False),
        Column("area", ("可能影响的范围", "影响范围"), text(1000), required=False),
        Column("warning", ("警示事项", "内容"), text(3000, lines=True), required=False),
        Column("measures", ("应采取的措施", "防御指南", "措施"), text(3000, lines=True), required=False),
        ISSUER,
        ISSUED_AT,
        Column("ends_at", ("失效时间", "结束时间", "解除时间"), moment, required=False),
        DISTRICTS,
        LINK,
    ),
    Alert,
)

QUAKES = Kind(
    "quakes",
    "地震",
    (
        Column("at", ("发震时刻", "时间"), moment),
        Column("place", ("参考位置", "地点"), text(100)),
        Column("magnitude", ("震级",), number(-2, 10)),
        LATITUDE,
        LONGITUDE,
        Column("depth_km", ("深度", "震源深度"), number(0, 800), required=False),
        Column("reviewed", ("正式测定",), yes_or_no),
        ISSUER,
    ),
    Quake,
    identity=("at", "latitude", "longitude"),
)

TYPHOONS = Kind(
    "typhoons",
    "台风",
    (
        Column("number", ("编号", "台风编号"), matching(r"\d{4,6}", "4 到 6 位数字,如 202614")),
        Column("name", ("名称", "台风名称"), text(30)),
        Column("at", ("时间", "定位时间"), moment),
        LATITUDE,
        LONGITUDE,
        Column("grade", ("强度", "等级"), text(20), required=False),
        Column("wind_ms", ("最大风速", "风速"), number(1, 120), required=False),
        Column("pressure_hpa", ("中心气压", "气压"), number(800, 1100), required=False),
        Column("heading", ("移动方向",), text(20), required=False),
        Column("speed_kmh", ("移动速度",), number(0, 150), required=False),
        Column("place", ("位置描述", "位置"), text(150), required=False),
        ISSUER,
        LINK,
    ),
    Typhoon,
    identity=("number", "at"),
)

SHELTERS = Kind(
    "shelters",
    "避难场所",
    (
        ID,
        Column("name", ("名称", "场所名称"), text(80)),
        Column("address", ("地址",), text(150)),
        DISTRICT,
        *HERE,
        Column("capacity", ("容量", "可容纳人数"), number(1, 1_000_000, whole=True), required=False),
        Column("barrier_free", ("无障碍", "无障碍设施"), yes_or_no, required=False),
        Column("is_open", ("开放", "是否开放"), yes_or_no, required=False),
        PHONE,
        NOTE,
    ),
    lambda **values: Shelter(**_at(**values)),
)

_PLACES = {word: kind for kind in PlaceKind for word in (kind.label,)} | {
    "区": PlaceKind.DISTRICT,
    "街道": PlaceKind.STREET,
    "路": PlaceKind.STREET,
}
PLACES = Kind(
    "places",
    "地名",
    (
        Column("name", ("名称", "地名"), text(40)),
        Column("kind", ("类型",), choice(PlaceKind, _PLACES)),
        DISTRICT,
        *HERE,
        Column("aliases", ("别名", "又称"), listed(40), required=False, default=()),
    ),
    lambda **values: Place(**_at(**values)),
    identity=("name", "district"),
)

BUREAUS = Kind(
    "bureaus",
    "便民热线",
    (
        ID,
        Column("name", ("名称", "单位"), text(80)),
        Column("purposes", ("用途", "办什么", "受理事项"), listed(40)),
        Column("city", ("城市",), text(30)),
        Column("district", ("区县",), text(40), required=False),
        PHONE,
        Column("address", ("地址",), text(150), required=False),
        Column("hours", ("时间", "办公时间"), text(80), required=False),
        CHECKED_ON,
        NOTE,
    ),
    Bureau,
)

ENTRIES = Kind(
    "entries",
    "网上办事",
    (
        ID,
        Column("title", ("事项", "事项名称"), text(100)),
        Column("also", ("别名", "又称"), listed(40), required=False, default=()),
        Column("department", ("部门", "办理部门"), text(80)),
        LINK,
        Column("bring", ("材料", "要带什么", "所需材料"), listed(100), required=False, default=()),
        Column("where", ("窗口", "办理地点"), text(200), required=False),
        NOTE,
        CHECKED_ON,
    ),
    Entry,
)

SUSPENSIONS = Kind(
    "suspensions",
    "停课停工",
    (
        ID,
        Column("title", ("标题",), text(200)),
        Column("what", ("类型", "停什么"), chosen(Suspended, {s.label: s for s in Suspended})),
        DISTRICTS,
        Column("starts_at", ("起始时间", "开始时间"), moment),
        Column("ends_at", ("结束时间",), moment, required=False),
        Column("text", ("正文", "内容"), text(3000, lines=True)),
        ISSUER,
        ISSUED_AT,
        LINK,
    ),
    Suspension,
)

NEWS = Kind(
    "news",
    "工作要闻",
    (
        ID,
        Column("title", ("标题",), text(200)),
        ISSUER,
        Column("published_at", ("发布时间",), moment),
        Column("summary", ("摘要",), text(500), required=False),
        LINK,
    ),
    NewsItem,
)
