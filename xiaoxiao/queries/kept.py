"""Kinds whose records belong to one vehicle or one batch: asked for one by one, by their key."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xiaoxiao.errors import InvalidRequest
from xiaoxiao.queries.columns import Column
from xiaoxiao.queries.food_trace import Recall, Stage, TraceStep
from xiaoxiao.queries.kinds import ISSUED_AT, ISSUER, LINK, Kind
from xiaoxiao.queries.plate_types import PlateType, possible_types
from xiaoxiao.queries.plates import parse_plate
from xiaoxiao.queries.values import Unreadable, choice, matching, moment, number, text, yes_or_no
from xiaoxiao.queries.violations import OwnerClaim, ViolationRecord, read_engine_tail

#: one comparison costs some 15 ms: six digits alone would be found at once if the table were stolen
_SCRYPT_N = 2**12


@dataclass(frozen=True)
class Vehicle:
    """Whose engine number ends how: only a salted hash is kept."""

    plate: str = field(repr=False)
    plate_type: PlateType
    salt: str = field(repr=False)  #: hexadecimal
    digest: str = field(repr=False)  #: scrypt of the last six, hexadecimal

    def proves(self, claim: OwnerClaim) -> bool:
        return hmac.compare_digest(self.digest, _digest(claim.engine_tail, self.salt))


@dataclass(frozen=True)
class FiledViolation:
    plate: str = field(repr=False)
    plate_type: PlateType
    at: datetime
    place: str
    act: str
    points: int
    fine_yuan: int
    processed: bool
    authority: str

    @property
    def record(self) -> ViolationRecord:
        return ViolationRecord(
            self.at, self.place, self.act, self.points, self.fine_yuan, self.processed, self.authority
        )


@dataclass(frozen=True)
class FiledStep:
    """One step of one batch; the file has one row a step."""

    code: str
    product: str
    stage: Stage
    name: str
    place: str | None
    at: datetime | None
    inspection: str | None
    passed: bool | None
    certificate: str | None

    @property
    def step(self) -> TraceStep:
        return TraceStep(
            self.stage, self.name, self.place, self.at, self.inspection, self.passed, self.certificate
        )


@dataclass(frozen=True)
class FiledRecall:
    code: str
    title: str
    text: str
    issuer: str
    issued_at: datetime
    link: str | None

    @property
    def recall(self) -> Recall:
        return Recall(self.title, self.text, self.issuer, self.issued_at, self.link)


def nobody(claim: OwnerClaim) -> Vehicle:
    """Proves nothing, at the price of a real comparison: the time tells not whether a vehicle is on file."""
    return Vehicle(claim.plate.number, claim.plate_type, "00" * 16, "")


def vehicle_key(plate: str, plate_type: PlateType) -> str:
    return f"{plate}/{plate_type.value}"


def _plate(value: Any) -> str:
    plate = parse_plate(str(value))
    if plate is None:
        raise Unreadable("不是车牌号")
    return plate.number


def _engine(value: Any) -> str:
    try:
        return read_engine_tail(str(text(40)(value)))
    except (Unreadable, InvalidRequest) as problem:
        raise Unreadable("应有 6 位以上数字或字母") from problem


def _vehicle(plate: str, plate_type: PlateType, **kept: str | None) -> Vehicle:
    _check_type(plate, plate_type)
    if kept["salt"] and kept["digest"]:
        return Vehicle(plate, plate_type, kept["salt"], kept["digest"])
    if not kept["engine_number"]:
        raise ValueError("发动机号没有填")
    salt = os.urandom(16).hex()
    return Vehicle(plate, plate_type, salt, _digest(kept["engine_number"], salt))


def _filed(**values: Any) -> FiledViolation:
    _check_type(values["plate"], values["plate_type"])
    return FiledViolation(**values)


def _check_type(number: str, plate_type: PlateType) -> None:
    plate = parse_plate(number)
    if plate is None or plate_type not in possible_types(plate):
        raise ValueError("号牌种类与车牌号不符")


def _digest(engine_tail: str, salt: str) -> str:
    secret = engine_tail.encode()
    return hashlib.scrypt(secret, salt=bytes.fromhex(salt), n=_SCRYPT_N, r=8, p=1, dklen=32).hex()


PLATE = Column("plate", ("车牌号", "号牌号码", "车牌"), _plate)
PLATE_TYPE = Column(
    "plate_type", ("号牌种类", "车辆类型"), choice(PlateType, {kind.label: kind for kind in PlateType})
)
CODE = Column("code", ("追溯码",), matching(r"\d{20}", "20 位数字"))

VIOLATION_COLUMNS = (
    Column("at", ("违法时间", "时间"), moment),
    Column("place", ("违法地点", "地点"), text(150)),
    Column("act", ("违法行为", "行为"), text(150)),
    Column("points", ("记分", "扣分"), number(0, 12, whole=True)),
    Column("fine_yuan", ("罚款", "罚款金额"), number(0, 100_000, whole=True)),
    Column("processed", ("已处理", "处理状态"), yes_or_no),
    Column("authority", ("采集机关", "执法单位"), text(80)),
)
STEP_COLUMNS = (
    Column("stage", ("环节",), choice(Stage, {stage.label: stage for stage in Stage})),
    Column("name", ("单位", "名称"), text(80)),
    Column("place", ("地点", "地址"), text(150), required=False),
    Column("at", ("时间", "日期"), moment, required=False),
    Column("inspection", ("检验项目", "检验"), text(150), required=False),
    Column("passed", ("合格", "检验结果"), yes_or_no, required=False),
    Column("certificate", ("证号", "检疫合格证明编号"), text(60), required=False),
)
RECALL_COLUMNS = (
    Column("title", ("标题",), text(200)),
    Column("text", ("正文", "内容"), text(2000, lines=True)),
    ISSUER,
    ISSUED_AT,
    LINK,
)
PRODUCT = Column("product", ("品名", "产品"), text(60))

VEHICLES = Kind(
    "vehicles",
    "车辆(核对车主用)",
    (
        PLATE,
        PLATE_TYPE,
        Column("engine_number", ("发动机号", "发动机号后六位"), _engine, required=False),
        # in our own tables only: an imported file has the number itself
        Column("salt", (), matching(r"[0-9a-f]{32}", "盐"), required=False),
        Column("digest", (), matching(r"[0-9a-f]{64}", "散列"), required=False),
    ),
    _vehicle,
    key=lambda vehicle: vehicle_key(vehicle.plate, vehicle.plate_type),
    identity=("plate", "plate_type"),
)
VIOLATIONS = Kind(
    "violations",
    "违章",
    (PLATE, PLATE_TYPE, *VIOLATION_COLUMNS),
    _filed,
    key=lambda filed: vehicle_key(filed.plate, filed.plate_type),
    identity=("plate", "plate_type", "at", "place", "act"),
)
FOOD = Kind(
    "food",
    "食品追溯",
    (CODE, PRODUCT, *STEP_COLUMNS),
    FiledStep,
    key=lambda filed: filed.code,
    identity=("code", "stage", "name", "at"),
)
RECALLS = Kind(
    "recalls",
    "召回",
    (CODE, *RECALL_COLUMNS),
    FiledRecall,
    key=lambda filed: filed.code,
    identity=("code", "title", "issued_at"),
)
