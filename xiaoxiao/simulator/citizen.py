"""A citizen with WeChat on her phone: what she does reaches the server, what comes back is on her screen."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xiaoxiao.errors import InvalidRequest, NotFound
from xiaoxiao.simulator import deeds, push
from xiaoxiao.simulator.bubbles import Bubble, Segment, Side
from xiaoxiao.simulator.deeds import Deed, Place
from xiaoxiao.simulator.dialog import Dialog, Turn
from xiaoxiao.simulator.interaction import Interactions
from xiaoxiao.simulator.media import Medium

if TYPE_CHECKING:
    from xiaoxiao.simulator.platform import Platform

_REMEMBERED = 500  # bubbles
_SILENCE = b"#!AMR\n" + b"\x3c" + b"\x00" * 31


def openid_of(app_id: str, name: str) -> str:
    """28 characters starting with "o", as WeChat's; the same for the same name and account."""
    digest = hashlib.sha256(f"{app_id}/{name}".encode()).digest()
    return "o" + base64.urlsafe_b64encode(digest).decode()[:27]


class Citizen:
    def __init__(self, platform: Platform, name: str, openid: str, *, following: bool) -> None:
        self.name = name
        self.openid = openid
        self.following = following
        self.followed_at: datetime | None = platform.clock.now() if following else None
        self.bubbles: deque[Bubble] = deque(maxlen=_REMEMBERED)
        self.interactions = Interactions()
        self.typing_until: datetime | None = None
        self.accepted: dict[str, int | None] = {}  #: template id → how many notices more; None: lasting
        self._platform = platform
        self._arrived: set[asyncio.Future[None]] = set()

    # --- messages -------------------------------------------------------------------------------------
    def says(self, text: str) -> Turn:
        return self.does(deeds.text(text))

    def taps(self, label: str) -> Turn:
        """Tap the latest link or menu-message entry with this label. Raises NotFound when she sees none."""
        segment = self._link(label)
        return self.does(deeds.tap(segment.say or segment.text, segment.menu_id or ""))

    def speaks(self, recognition: str | None = None, audio: bytes = _SILENCE) -> Turn:
        return self.does(deeds.voice(self._keep("voice", audio), recognition))

    def sends_photo(self, content: bytes) -> Turn:
        return self.does(self._photo(content))

    def sends_video(self, content: bytes) -> Turn:
        return self.does(deeds.video(self._keep("video", content), self._keep("thumb", b"\xff\xd8\xff")))

    def sends_location(self, latitude: float, longitude: float, label: str = "") -> Turn:
        return self.does(deeds.location(Place(latitude, longitude, label)))

    def sends_link(self, title: str, description: str, url: str) -> Turn:
        return self.does(deeds.link(title, description, url))

    def sends_file(self, name: str, content: bytes) -> Turn:
        return self.does(deeds.file(name, content))

    # --- events ---------------------------------------------------------------------------------------
    def clicks(
        self, name: str, *, scanned: str = "", photos: Sequence[bytes] = (), place: Place | None = None
    ) -> Turn:
        """Click the menu entry with this name or key; pictures and places follow as messages of their own."""
        button = self._entry(name)
        menu = self._platform.menu
        deed = deeds.menu_click(button, menu.menu_id, scanned=scanned, photos=photos, place=place)
        following: list[Deed] = [self._photo(p) for p in photos]
        if place and button["type"] == "location_select":
            following.append(deeds.location(place))
        return self.does(*([deed] if deed else []), *following)

    def follows(self, scene: str | None = None) -> Turn:
        """Follow; by a QR code when a scene or its ticket is given."""
        ticket, scene = self._platform.api.qrcodes.resolve(scene)
        self._set_following(True)
        return self.does(deeds.follow(scene, ticket))

    def unfollows(self) -> Turn:
        turn = self.does(deeds.event("unsubscribe", ("EventKey", "")))
        self._set_following(False)
        self.interactions.close()
        return turn

    def scans(self, scene: str) -> Turn:
        """Scan a QR code (scene or ticket): SCAN for followers, else she follows by it."""
        if not self.following:
            return self.follows(scene)
        ticket, found = self._platform.api.qrcodes.resolve(scene)
        return self.does(deeds.scan(found or scene, ticket))

    def enters(self, latitude: float, longitude: float, precision: float = 65.0) -> Turn:
        """Open the chat while position reports are switched on: a LOCATION event, no message."""
        return self.does(deeds.position(Place(latitude, longitude), precision))

    def accepts(self, template_id: str, *, lasting: bool = False) -> Turn:
        """Allow one subscription notice more, or all from now on."""
        self.accepted[template_id] = None if lasting else (self.accepted.get(template_id) or 0) + 1
        entry = (("TemplateId", template_id), ("SubscribeStatusString", "accept"), ("PopupScene", "0"))
        deed = deeds.event("subscribe_msg_popup_event", ("SubscribeMsgPopupEvent", (("List", entry),)))
        return self.does(deed)

    # --- the way there and back -----------------------------------------------------------------------
    def does(self, *deeds_: Deed) -> Turn:
        """Do these things one after the other. Raises InvalidRequest when she does not follow the account."""
        if not self.following:
            raise InvalidRequest(f"{self.name}还没有关注公众号。")
        return Turn(self._do(deeds_))

    async def _do(self, done: Sequence[Deed]) -> Dialog:
        before = self.bubbles[-1].id if self.bubbles else 0
        for deed in done:
            pushed = self._push(deed)
            if deed.grants:
                self.interactions.record(deed.grants, now=self._platform.clock.now())
            if deed.text:
                # deliver() opens its trace entry before it first waits, so the next id is this message's
                exchange = self._platform.trace.upcoming
                self.show(Side.CITIZEN, deed.kind, deed.text, deed.data, exchange=exchange)
            await self._platform.deliver(pushed)
        return self.seen_since(before)

    def _push(self, deed: Deed) -> push.Push:
        at = int(self._platform.clock.now().timestamp())
        gh_id = self._platform.account.gh_id
        if deed.event:
            return push.event(self.openid, gh_id, at=at, name=deed.event, fields=deed.fields)
        number = self._platform.number()
        return push.message(self.openid, gh_id, at=at, msg_id=number, kind=deed.kind, fields=deed.fields)

    def show(
        self,
        side: Side,
        kind: str,
        text: str,
        data: Mapping[str, Any] | None = None,
        *,
        exchange: int | None = None,
    ) -> Bubble:
        """Put a bubble on her timeline; an account's message ends its typing sign."""
        now = self._platform.clock.now()
        bubble = Bubble(self._platform.number(), now, side, kind, text, data or {}, exchange)
        self.bubbles.append(bubble)
        if side is Side.ACCOUNT:
            self.typing_until = None
        self._platform.feed.publish("bubble", self.openid, bubble.to_json())
        for waiter in self._arrived:
            if not waiter.done():
                waiter.set_result(None)
        self._arrived.clear()
        return bubble

    def seen_since(self, bubble_id: int) -> Dialog:
        """What others sent her after that bubble."""
        return Dialog([b for b in self.bubbles if b.id > bubble_id and b.side is not Side.CITIZEN])

    async def waits_for(self, text: str, *, after: int = 0, seconds: float = 10.0) -> Bubble:
        """The first bubble with this text after bubble id `after`. Raises AssertionError when none comes."""
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            found = [b for b in self.seen_since(after) if text in b.text]
            if found:
                return found[0]
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._arrived.add(waiter)
            left = deadline - asyncio.get_running_loop().time()
            done, _ = await asyncio.wait({waiter}, timeout=max(0.0, left))
            if not done:
                self._arrived.discard(waiter)
                self.seen_since(after).sees(text)

    def to_json(self) -> dict[str, Any]:
        return {
            "openid": self.openid,
            "name": self.name,
            "following": self.following,
            "bubbles": [b.to_json() for b in self.bubbles],
        }

    def _set_following(self, following: bool) -> None:
        self.following = following
        self.followed_at = self._platform.clock.now() if following else None
        self._platform.feed.publish("following", self.openid, {"following": following})

    def _keep(self, kind: str, content: bytes) -> Medium:
        return self._platform.shelf.put(kind, content, now=self._platform.clock.now())

    def _photo(self, content: bytes) -> Deed:
        medium = self._keep("image", content)
        return deeds.image(medium, f"{self._platform.picture_base}/picture/{medium.media_id}")

    def _entry(self, name: str) -> Mapping[str, Any]:
        for button in self._platform.menu.entries():
            if name in (button.get("name"), button.get("key")):
                return button
        raise NotFound(f"菜单里没有「{name}」。")

    def _link(self, label: str) -> Segment:
        for bubble in reversed(self.bubbles):
            for segment in bubble.segments:
                if segment.say is not None and segment.text == label:
                    return segment
        raise NotFound(f"{self.name}没有看到可以点的「{label}」。")
