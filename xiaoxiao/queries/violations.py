"""违章: traffic violations of one vehicle, told to nobody but who knows the last six of its engine number."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from xiaoxiao.errors import InvalidRequest
from xiaoxiao.queries.findings import Findings
from xiaoxiao.queries.plate_types import PlateType
from xiaoxiao.queries.plates import Plate

_ENGINE = re.compile(r"[A-Z0-9]{6}")


@dataclass(frozen=True)
class ViolationRecord:
    at: datetime
    place: str
    act: str  #: 驾驶机动车违反道路交通信号灯通行的
    points: int  #: 记分, 0–12
    fine_yuan: int
    processed: bool  #: dealt with and, where there was a fine, paid
    authority: str  #: 采集机关, who recorded it


@dataclass(frozen=True)
class OwnerClaim:
    """A vehicle, and what its owner knows of it. Neither is printed."""

    plate: Plate = field(repr=False)
    plate_type: PlateType
    engine_tail: str = field(repr=False)  #: as `read_engine_tail` gives it


class ViolationSource(Protocol):
    """A back end. What citizens use is `owner_check.Violations`, which limits the tries."""

    async def look_up(self, claim: OwnerClaim) -> Findings[ViolationRecord]:
        """All records on file, the latest first; none is a finding, too.

        OwnerUnproven when the vehicle is unknown or the engine number another (the two are not told
        apart); NoData, QueryUnavailable, BadAnswer, QueryRefused.
        """


def read_engine_tail(text: str) -> str:
    """The last six characters of an engine number, upper case. InvalidRequest when there are fewer.

    >>> read_engine_tail("发动机号 8a 12-3456")
    '123456'
    """
    written = re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", text).upper())
    if len(written) < 6:
        raise InvalidRequest("发动机号后六位应为 6 位数字或字母。")
    return written[-6:]


def valid_engine_tail(text: str) -> bool:
    return bool(_ENGINE.fullmatch(text))
