"""What is said to a message that is kept but not understood."""

from __future__ import annotations

from xiaoxiao.forms.said import Said
from xiaoxiao.notices import Notices
from xiaoxiao.store.conversation import Answer, Incoming

_NOTICES = {
    "image": "image_kept",
    "video": "video_kept",
    "shortvideo": "video_kept",
    "location": "location_kept",
    "voice": "voice_kept",
    "link": "link_kept",
}


def receipt(notices: Notices, incoming: Incoming, things: Said) -> Answer:
    notice = _NOTICES.get(incoming.kind, "unknown_kept")
    at = things.position.written if things.position else ""
    return notices.answer(notice, place=_place(incoming), at=at)


def _place(incoming: Incoming) -> str:
    fields = incoming.fields
    label = str(fields.get("Label") or "").strip()
    return label or "{}, {}".format(fields.get("Location_X", "?"), fields.get("Location_Y", "?"))
