"""The queries that 小小 offers, each behind its port: real or twin, told by the composition root."""

from __future__ import annotations

from dataclasses import dataclass

from xiaoxiao.queries.alerts import Alerts
from xiaoxiao.queries.bureaus import Bureaus
from xiaoxiao.queries.entries import Entries
from xiaoxiao.queries.food_trace import FoodTrace
from xiaoxiao.queries.news import News
from xiaoxiao.queries.owner_check import Violations
from xiaoxiao.queries.places import Places
from xiaoxiao.queries.quakes import Quakes
from xiaoxiao.queries.shelters import Shelters
from xiaoxiao.queries.suspensions import Suspensions
from xiaoxiao.queries.typhoons import Typhoons


@dataclass(frozen=True)
class Queries:
    violations: Violations
    food_trace: FoodTrace
    alerts: Alerts
    quakes: Quakes
    typhoons: Typhoons
    shelters: Shelters
    places: Places
    bureaus: Bureaus
    entries: Entries
    suspensions: Suspensions
    news: News
