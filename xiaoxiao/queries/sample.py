"""Sample data of a fictitious district: for trying 小小 out, never beside real data."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from xiaoxiao.clock import CHINA
from xiaoxiao.errors import ConfigurationError
from xiaoxiao.queries.examination import KINDS, examine
from xiaoxiao.queries.files import read_rows
from xiaoxiao.queries.findings import Origin
from xiaoxiao.queries.records import Intake

R = TypeVar("R")

SOURCE = "示例数据(虚构的样例区,并非真实)"
#: the day on which the files in sample/ play; they are moved to the day of their loading
DAY = datetime(2026, 11, 20, tzinfo=CHINA)


def load_sample(folder: Path, intake: Intake, *, now: datetime) -> dict[str, int]:
    """{kind: how many records}. ConfigurationError when there is real data, or a file is not right."""
    if any(not origin.is_sample for origin, _ in intake.origins().values()):
        raise ConfigurationError("已经导入了真实数据,不再放示例数据。")
    days = timedelta(days=(now.astimezone(CHINA).date() - DAY.date()).days)
    loaded: dict[str, int] = {}
    for name, kind in KINDS.items():
        found = examine(kind, read_rows(folder / f"{name}.csv"))
        if found.rejected:
            first = found.rejected[0]
            raise ConfigurationError(f"{name}.csv 第 {first.row} 行 {first.column}:{first.problem}。")
        records = [_moved(record, days) for record in found.records]
        intake.replace(kind, records, Origin(SOURCE, now, is_sample=True))
        loaded[name] = len(records)
    return loaded


def _moved(record: R, by: timedelta) -> R:
    later: dict[str, Any] = {
        field.name: value + by
        for field in fields(record)  # type: ignore[arg-type]
        if isinstance(value := getattr(record, field.name), datetime)
    }
    return replace(record, **later)  # type: ignore[type-var]
