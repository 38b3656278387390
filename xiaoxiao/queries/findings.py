"""What every query gives back: the records, whose they are, how old they are, and whether they are only samples."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T", covariant=True)


@dataclass(frozen=True)
class Origin:
    """Shown with every result: nothing is said without its source and its time."""

    source: str  #: who answers for the data, in the words citizens read: 示例市公安局交通警察支队
    as_of: datetime  #: the state of the data, aware
    is_sample: bool = False  #: of the fictitious district: the answer must say 示例数据


@dataclass(frozen=True)
class Findings(Generic[T]):
    """Records in the order they should be read. No records means: looked, and there are none."""

    items: tuple[T, ...]
    origin: Origin
    incomplete: bool = False  #: some records were unreadable and left out: say that more may exist

    def __bool__(self) -> bool:
        return bool(self.items)
