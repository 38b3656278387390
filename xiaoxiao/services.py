"""The composition root: real objects or their twins, told by the settings. No other module asks which."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol

from xiaoxiao.blocking import Blocking
from xiaoxiao.clock import Clock, SystemClock
from xiaoxiao.desk.case_notices import CaseNotices
from xiaoxiao.desk.cases import Cases
from xiaoxiao.desk.casework import Casework
from xiaoxiao.desk.conversations import Conversations
from xiaoxiao.desk.deadlines import OfficeHours
from xiaoxiao.desk.due import DueAlerts
from xiaoxiao.desk.orders import Orders
from xiaoxiao.desk.privacy import Privacy
from xiaoxiao.desk.rewards import Rewards
from xiaoxiao.desk.satisfaction import Satisfaction
from xiaoxiao.desk.similarity import Encode, Matcher
from xiaoxiao.desk.upkeep import Upkeep
from xiaoxiao.forms.assembly import all_forms
from xiaoxiao.forms.commands import Commands
from xiaoxiao.forms.dialogue import Forms
from xiaoxiao.forms.evidence import Evidence
from xiaoxiao.forms.form import Form
from xiaoxiao.forms.my_cases import MyCases
from xiaoxiao.forms.my_data import MyData
from xiaoxiao.forms.opinion import Opinion
from xiaoxiao.forms.questions import Questions
from xiaoxiao.forms.report import ReportForms
from xiaoxiao.forms.showing import Showing
from xiaoxiao.forms.words import Words
from xiaoxiao.gate import Gate
from xiaoxiao.knowledge.cards import Cards, load_cards
from xiaoxiao.knowledge.hotlines import Hotlines, load_hotlines
from xiaoxiao.knowledge.topics import load_titles
from xiaoxiao.media.library import Library
from xiaoxiao.media.storage import FolderStorage, Storage
from xiaoxiao.menu import Menu
from xiaoxiao.notices import Notices
from xiaoxiao.persona import Persona, load_persona
from xiaoxiao.queries.assembly import Sources, own, with_backend
from xiaoxiao.queries.availability import has_data
from xiaoxiao.queries.backend import Address, Backend
from xiaoxiao.queries.embedded import SqlRecords
from xiaoxiao.queries.offered import Queries
from xiaoxiao.queries.owner_check import Tries
from xiaoxiao.queries.records import Intake, MemoryRecords, Records
from xiaoxiao.queries.tries import MemoryTries, SqlTries
from xiaoxiao.safety.answers import Answers
from xiaoxiao.safety.detector import Detector
from xiaoxiao.settings import Settings
from xiaoxiao.store.conversation import Button
from xiaoxiao.store.port import ConversationStore
from xiaoxiao.store.sql import SqlStore


class Kept(Records, Intake, Protocol):
    """Imported data, to read and to replace."""


@dataclass
class Services:
    """Everything below the channels. Parts that are costly to make are made when first asked for."""

    settings: Settings
    root: Path
    store: ConversationStore
    clock: Clock
    worker: str
    blocking: Blocking = field(default_factory=Blocking)  #: how the store is called from dialogues
    encode: Encode | None = None  #: sentence vectors, to find reports about the same matter by meaning

    @cached_property
    def persona(self) -> Persona:
        return load_persona(self.root / "persona.yml")

    @cached_property
    def notices(self) -> Notices:
        return Notices.load(self.root / "data" / "notices.yml", self.persona.placeholders())

    @cached_property
    def menu(self) -> Menu:
        return Menu.load(self.root / "menu.yml")

    @cached_property
    def cards(self) -> Cards:
        return load_cards(self.root / "data" / "knowledge")

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Names of intents and cards as citizens read them."""
        return load_titles(self.root / "data" / "lexicon" / "topics.csv")

    @cached_property
    def detector(self) -> Detector:
        return Detector.load(self.root / "data" / "lexicon" / "danger", self.root / "var")

    @cached_property
    def fixed(self) -> Answers:
        local = {
            h.key: f"{h.name} {h.number}"
            for h in self.hotlines.values()
            if h.callable == "local" and h.number
        }
        cards = {card.id: Button(card.title, f"/faq/{card.id}") for card in self.cards.values()}
        person = self.notices.answer("danger_goes_on").buttons
        return Answers.load(self.root / "data" / "safety", local, cards, person)

    @cached_property
    def hotlines(self) -> Hotlines:
        return load_hotlines(self.root / "data" / "hotlines.csv", self.persona)

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(self.store, self.clock)

    @cached_property
    def orders(self) -> Orders:
        # read with every message: 0.2 ms on SQLite, 1 ms on PostgreSQL
        keep = timedelta(seconds=1 if self.settings.shared_database else 0)
        return Orders(self.store, self.clock, self.worker, keep=keep)

    @cached_property
    def hours(self) -> OfficeHours:
        return OfficeHours.of(self.persona)

    @cached_property
    def promise(self) -> timedelta:
        return timedelta(hours=self.persona.answer_within_hours)

    @cached_property
    def case_notices(self) -> CaseNotices:
        return CaseNotices(self.notices)

    @cached_property
    def cases(self) -> Cases:
        """For citizens."""
        return Cases(self.store, self.clock, self.hours, self.promise, Matcher(self.encode))

    @cached_property
    def casework(self) -> Casework:
        """For staff."""
        return Casework(self.store, self.clock, self.hours, self.promise, self.case_notices)

    @cached_property
    def rewards(self) -> Rewards:
        claim = timedelta(days=self.persona.claim_within_days)
        return Rewards(self.store, self.clock, self.hours, self.case_notices, claim)

    @cached_property
    def satisfaction(self) -> Satisfaction:
        return Satisfaction(self.store, self.clock, self.casework)

    @cached_property
    def privacy(self) -> Privacy:
        return Privacy(self.store, self.clock)

    @cached_property
    def storage(self) -> Storage:
        return open_storage(self.settings, self.root)

    @cached_property
    def library(self) -> Library:
        return Library(self.store, self.storage, self.clock)

    @cached_property
    def upkeep(self) -> Upkeep:
        due = DueAlerts(self.store, self.clock)
        return Upkeep(self.store, self.casework, self.rewards, due, self.clock, self.worker)

    @cached_property
    def gate(self) -> Gate:
        return Gate(self.notices, self.cards, self.titles, self.hotlines)

    @cached_property
    def forms(self) -> Forms:
        commands = Commands.load(self.root / "data" / "lexicon" / "form_commands.csv")
        questions, available = self._showing.questions, partial(has_data, self.settings, self.records)
        queries = all_forms(self.queries, self.hotlines, questions, self._words, available)
        return Forms.of((*queries, *self._case_forms()), questions, commands)

    @cached_property
    def _showing(self) -> Showing:
        return Showing(Questions(self.notices, self.titles))

    @cached_property
    def _words(self) -> Words:
        return Words.load(self.root / "data" / "lexicon" / "form_answers.csv")

    @cached_property
    def evidence(self) -> Evidence:
        return Evidence(self.cases, self.store, self.case_notices, self.blocking, self._showing)

    @cached_property
    def opinion(self) -> Opinion:
        return Opinion(
            self.satisfaction, self.case_notices, self.store, self.clock, self.blocking, self._showing
        )

    def _case_forms(self) -> tuple[Form, ...]:
        """Those around cases."""
        notices, evidence, blocking = self.case_notices, self.evidence, self.blocking
        showing, words, places = self._showing, self._words, self.queries.places
        return (
            *ReportForms(self.cases, notices, evidence, places, blocking, showing, words).forms(),
            *MyCases(self.cases, self.rewards, notices, evidence, blocking, showing, words).forms(),
            *MyData(self.privacy, notices, blocking, showing).forms(),
            *self.opinion.forms(),
        )

    @cached_property
    def records(self) -> Kept:
        """The office's imported data, in the database of the store; with a twin of the store, a twin."""
        samples = self.settings.on_simulator
        if isinstance(self.store, SqlStore):
            return SqlRecords(self.store.engine, self.clock, samples=samples)
        return MemoryRecords(samples=samples)

    @cached_property
    def own_data(self) -> Sources:
        """The queries on the imported data, wherever citizens' queries go."""
        return own(self.records, self._tries, self.clock)

    @cached_property
    def queries(self) -> Queries:
        settings = self.settings
        if not settings.backend_url:
            return self.own_data.queries
        address = Address(settings.backend_url, settings.backend_token, settings.backend_timeout)
        return with_backend(
            self.own_data.queries,
            Backend(address, self.clock),
            self._tries,
            self.clock,
            kinds=settings.backend_kinds,
            keep=settings.backend_keep,
            samples=settings.on_simulator,
        )

    @cached_property
    def _tries(self) -> Tries:
        return SqlTries(self.store.engine) if isinstance(self.store, SqlStore) else MemoryTries()


def build_services(
    environ: Mapping[str, str] | None = None,
    *,
    root: Path | None = None,
    store: ConversationStore | None = None,
    clock: Clock | None = None,
) -> Services:
    """Services for this process. Raises ConfigurationError in a sentence that names the fix."""
    root = root or Path.cwd()
    settings = Settings.read(environ, root=root)
    return Services(
        settings=settings,
        root=root,
        store=store or SqlStore(settings.database_url.reveal()),
        clock=clock or SystemClock(),
        worker=f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}",
    )


def open_storage(settings: Settings, root: Path) -> Storage:
    """A folder (relative to the project's root) or a bucket: s3://bucket/prefix."""
    where = settings.media_storage
    if not where.startswith("s3://"):
        return FolderStorage(root / where)
    from xiaoxiao.media.s3 import S3Storage

    bucket, _, prefix = where.removeprefix("s3://").partition("/")
    return S3Storage(
        bucket,
        prefix,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        access_key=settings.s3_access_key.reveal(),
        secret_key=settings.s3_secret_key.reveal(),
    )
