"""号牌种类 (GA/T 16.7, "hpzl"): what the plate alone suggests, to be confirmed by the citizen."""

from __future__ import annotations

from enum import Enum

from xiaoxiao.queries.plates import Plate, PlateKind


class PlateType(str, Enum):
    LARGE = "01"
    SMALL = "02"
    FOREIGN = "06"
    MOTORCYCLE = "07"
    MOPED = "08"
    LOW_SPEED = "13"
    TRAILER = "15"
    LEARNER = "16"
    LEARNER_MOTORCYCLE = "17"
    POLICE = "23"
    POLICE_MOTORCYCLE = "24"
    HONG_KONG = "26"
    MACAU = "27"
    LARGE_NEW_ENERGY = "51"
    SMALL_NEW_ENERGY = "52"

    @property
    def label(self) -> str:
        """小型汽车: as citizens read it."""
        return _TITLES[self]


_TITLES = {
    PlateType.LARGE: "大型汽车",
    PlateType.SMALL: "小型汽车",
    PlateType.FOREIGN: "外籍汽车",
    PlateType.MOTORCYCLE: "普通摩托车",
    PlateType.MOPED: "轻便摩托车",
    PlateType.LOW_SPEED: "低速车",
    PlateType.TRAILER: "挂车",
    PlateType.LEARNER: "教练汽车",
    PlateType.LEARNER_MOTORCYCLE: "教练摩托车",
    PlateType.POLICE: "警用汽车",
    PlateType.POLICE_MOTORCYCLE: "警用摩托车",
    PlateType.HONG_KONG: "香港入出境车",
    PlateType.MACAU: "澳门入出境车",
    PlateType.LARGE_NEW_ENERGY: "大型新能源汽车",
    PlateType.SMALL_NEW_ENERGY: "小型新能源汽车",
}
_ORDINARY = (
    PlateType.SMALL,
    PlateType.LARGE,
    PlateType.MOTORCYCLE,
    PlateType.MOPED,
    PlateType.LOW_SPEED,
    PlateType.FOREIGN,
)
_POSSIBLE = {
    PlateKind.ORDINARY: _ORDINARY,
    PlateKind.SMALL_NEW_ENERGY: (PlateType.SMALL_NEW_ENERGY,),
    PlateKind.LARGE_NEW_ENERGY: (PlateType.LARGE_NEW_ENERGY,),
    PlateKind.TRAILER: (PlateType.TRAILER,),
    PlateKind.LEARNER: (PlateType.LEARNER, PlateType.LEARNER_MOTORCYCLE),
    PlateKind.POLICE: (PlateType.POLICE, PlateType.POLICE_MOTORCYCLE),
    PlateKind.HONG_KONG: (PlateType.HONG_KONG,),
    PlateKind.MACAU: (PlateType.MACAU,),
}


def possible_types(plate: Plate) -> tuple[PlateType, ...]:
    """What the plate may be, the likeliest first; one only: nothing to choose. () when it cannot be looked up."""
    return _POSSIBLE.get(plate.kind, ())
