"""Every form of 小小, put together from the queries. A new form is added here."""

from __future__ import annotations

from collections.abc import Callable

from xiaoxiao.forms.form import Available, Form
from xiaoxiao.forms.measurements import Measurements
from xiaoxiao.forms.offices import Offices
from xiaoxiao.forms.questions import Questions
from xiaoxiao.forms.shelters import ShelterForm
from xiaoxiao.forms.showing import Showing
from xiaoxiao.forms.trace_food import TraceForm
from xiaoxiao.forms.violation import ViolationForm
from xiaoxiao.forms.warnings import Warnings
from xiaoxiao.forms.words import Words
from xiaoxiao.knowledge.hotlines import Hotlines
from xiaoxiao.queries.offered import Queries


def all_forms(
    queries: Queries,
    hotlines: Hotlines,
    questions: Questions,
    words: Words,
    available: Callable[[str], Available],
) -> tuple[Form, ...]:
    """`available` says for a kind of data whether there is any."""
    showing, places = Showing(questions), queries.places
    return (
        ViolationForm(queries.violations, showing, words, available("violations")).form(),
        TraceForm(queries.food_trace, showing, words, available("food")).form(),
        ShelterForm(queries.shelters, places, showing, words, available("shelters")).form(),
        *Warnings(queries.alerts, queries.suspensions, queries.news, places, showing).forms(),
        *Measurements(queries.quakes, queries.typhoons, showing).forms(),
        *Offices(queries.bureaus, queries.entries, places, hotlines, showing, words).forms(),
    )
