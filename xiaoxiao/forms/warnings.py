"""Answered at once: alerts in force, 停课停工, news. Word for word, with issuer and time."""

from __future__ import annotations

from dataclasses import dataclass

from xiaoxiao.forms.form import Done, Form, Values
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.showing import Showing, moment, shown
from xiaoxiao.queries.alerts import Alert, Alerts
from xiaoxiao.queries.errors import NoData
from xiaoxiao.queries.news import News, NewsItem
from xiaoxiao.queries.places import Places
from xiaoxiao.queries.suspensions import Suspension, Suspensions

#: as many in one answer; how many more there are is said
MOST = 3
NEWS = 5


@dataclass(frozen=True)
class Warnings:
    alerts: Alerts
    suspensions: Suspensions
    news: News
    places: Places
    showing: Showing

    def forms(self) -> tuple[Form, ...]:
        return (
            Form("alerts", "query_alert", self.in_force),
            Form("suspensions", "school_suspension", self.suspended),
            Form("news", "query_alert", self.latest, elsewhere="news_elsewhere"),
        )

    async def in_force(self, values: Values, said: Said) -> Done:
        district = await district_of(said, self.places)
        found = await self.alerts.in_force(district=district)
        head = "alerts_head" if found else "alerts_none"
        alerts = self.showing.fitting(map(self._alert, found.items), MOST)
        lines = [
            self.showing.text(head, count=str(len(found.items)), district=shown(district)),
            *alerts,
            self.showing.rest(len(found.items) - len(alerts)),
            self.showing.origin(found.origin, incomplete=found.incomplete),
        ]
        return Done((self.showing.answer(lines, self.showing.say("alerts_tail")),))

    async def suspended(self, values: Values, said: Said) -> Done:
        district = await district_of(said, self.places)
        found = await self.suspensions.announced(district=district)
        head = "suspensions_head" if found else "suspensions_none"
        notices = self.showing.fitting(map(self._suspension, found.items), MOST)
        lines = [
            self.showing.text(head, count=str(len(found.items)), district=shown(district)),
            *notices,
            self.showing.rest(len(found.items) - len(notices)),
            self.showing.origin(found.origin, incomplete=found.incomplete),
        ]
        return Done((self.showing.answer(lines, self.showing.say("suspensions_tail")),))

    async def latest(self, values: Values, said: Said) -> Done:
        found = await self.news.latest(limit=NEWS)
        head = "news_head" if found else "news_none"
        lines = [
            self.showing.text(head),
            *self.showing.fitting((self._item(n, item) for n, item in enumerate(found.items, 1)), NEWS),
            self.showing.origin(found.origin, incomplete=found.incomplete),
        ]
        return Done((self.showing.answer(lines),))

    def _alert(self, alert: Alert) -> str:
        return self.showing.text(
            "alerts_one",
            title=alert.title,
            kind=shown(alert.kind),
            level=alert.level.label if alert.level else "",
            starts=moment(alert.starts_at),
            ends=moment(alert.ends_at),
            area=self.showing.whole(alert.area),
            warning=self.showing.whole(alert.warning),
            measures=self.showing.whole(alert.measures),
            issuer=alert.issuer,
            issued=moment(alert.issued_at),
            link=shown(alert.link),
        )

    def _suspension(self, notice: Suspension) -> str:
        until = moment(notice.ends_at) or self.showing.text("suspensions_until_notice")
        return self.showing.text(
            "suspensions_one",
            title=notice.title,
            text=self.showing.whole(notice.text),
            starts=moment(notice.starts_at),
            ends=until,
            issuer=notice.issuer,
            issued=moment(notice.issued_at),
            link=shown(notice.link),
        )

    def _item(self, number: int, item: NewsItem) -> str:
        return self.showing.text(
            "news_one",
            number=str(number),
            title=item.title,
            text=shown(item.summary),
            issuer=item.issuer,
            issued=moment(item.published_at),
            link=shown(item.link),
        )


async def district_of(said: Said, places: Places) -> str | None:
    """The district she names, or that of a place she names; None: the whole city."""
    if not said.text:
        return None
    try:
        named = (await places.named(said.text)).items
    except NoData:
        return None
    return named[0].district if named else None
