"""Pushes as WeChat writes them (tests/fixtures/wechat): one expectation for each file, wechatpy as oracle."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import wechatpy

from connectors.wechat import events as e
from connectors.wechat import messages as m
from connectors.wechat.body import read_fields
from connectors.wechat.crypto import Crypter
from connectors.wechat.events import EVENTS, Event
from connectors.wechat.messages import MESSAGES, parse
from connectors.wechat.push import Message

CAPTURES = Path(__file__).parents[3] / "fixtures" / "wechat"
OPENID, ACCOUNT = "oX7aZ5kQm2RtB8nLw0cYvHd3eUs9", "gh_2f1a9c0b7d34"
TEMPLATES = ("VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3_3gz3Oc0NIc", "9nLIlbOQZC5Y89AZteFEux3WCXRRRG5Wfzkpssu4bLI")

EXPECTED: dict[str, tuple[type[Message], dict[str, Any]]] = {
    "text": (
        m.TextMessage,
        {"content": "家里一股煤气味，怎么办？", "id": "24683100000000001", "menu_item_id": ""},
    ),
    "text_menu_item": (m.TextMessage, {"content": "查违章", "menu_item_id": "101"}),
    "text_blank": (m.TextMessage, {"content": " \n "}),
    "text_article_box": (m.TextMessage, {"content": "文章里的电话打不通"}),
    "text_emoji": (m.TextMessage, {"content": "谢谢👨‍👩‍👧🙏 /:rose"}),
    "text_markup": (m.TextMessage, {"content": '<a href="x">1 & 2</a> ]]> &amp;'}),
    "text_webwx": (m.TextMessage, {"content": "网页版发的", "id": "24683100000000016"}),
    "text_control_characters": (m.TextMessage, {"content": "喂听得见吗"}),
    "image": (
        m.ImageMessage,
        {"media_id": "mQ0v_image", "picture_url": "http://mmbiz.qpic.cn/mmbiz_jpg/k3Jq/0"},
    ),
    "voice": (
        m.VoiceMessage,
        {"media_id": "mQ0v_voice", "media_id_16k": "mQ0v_voice16", "format": "amr", "recognition": ""},
    ),
    "video": (m.VideoMessage, {"kind": "video", "media_id": "mQ0v_video", "thumb_media_id": "mQ0v_thumb"}),
    "shortvideo": (m.VideoMessage, {"kind": "shortvideo", "media_id": "mQ0v_short"}),
    "location": (
        m.LocationMessage,
        {
            "latitude": 30.572815,
            "longitude": 104.066803,
            "scale": 16,
            "label": "四川省成都市武侯区天府大道",
        },
    ),
    "link": (
        m.LinkMessage,
        {
            "title": "暴雨红色预警",
            "description": "请减少外出",
            "url": "https://example.gov.cn/a?id=1&b=2",
        },
    ),
    "file": (
        m.FileMessage,
        {"title": "隐患照片.zip", "size": 20480, "md5": "9e107d9d372bb6826bd81d3542a419d6"},
    ),
    "miniprogrampage": (
        m.MiniprogramPageMessage,
        {"title": "预约", "app_id": "wx0123456789abcdef", "page_path": "pages/index?x=1"},
    ),
    "unknown_type": (m.UnknownMessage, {"kind": "sticker"}),
    "subscribe": (e.SubscribeEvent, {"event": "subscribe", "key": "", "scene": "", "ticket": ""}),
    "subscribe_qrcode": (
        e.SubscribeEvent,
        {"key": "qrscene_jiedao_12", "scene": "jiedao_12", "ticket": "gQH47zwAAAAAAAAAAS5odHRw"},
    ),
    "subscribe_payment": (
        e.SubscribeEvent,
        {"key": "last_trade_no_4200001234202611240000000001", "scene": ""},
    ),
    "unsubscribe": (e.UnsubscribeEvent, {"event": "unsubscribe"}),
    "scan": (e.ScanEvent, {"event": "scan", "scene": "jiedao_12", "ticket": "gQH47zwAAAAAAAAAAS5odHRw"}),
    "location_report": (
        e.LocationEvent,
        {"event": "location", "latitude": 30.572815, "longitude": 104.066803, "precision": 65.0},
    ),
    "click": (e.ClickEvent, {"event": "click", "key": "menu_hotlines"}),
    "view": (e.ViewEvent, {"key": "https://example.gov.cn/bs?from=menu&x=1", "menu_id": "425100001"}),
    "view_miniprogram": (e.ViewEvent, {"key": "pages/index/index", "menu_id": "425100002"}),
    "scancode_push": (e.ScanCodeEvent, {"scan_type": "qrcode", "scan_result": "https://example.com/1"}),
    "scancode_waitmsg": (
        e.ScanCodeEvent,
        {"key": "trace_food", "scan_type": "barcode", "scan_result": "EAN_13,6901234567892"},
    ),
    "pic_sysphoto_one": (
        e.PicturesEvent,
        {"count": 1, "pictures": ({"PicMd5Sum": "1b5f7c23b5bf75682a53e7b6d163e185"},)},
    ),
    "pic_photo_or_album_two": (
        e.PicturesEvent,
        {
            "count": 2,
            "pictures": (
                {"PicMd5Sum": "5a75aaca956d97be686719218f275c6b"},
                {"PicMd5Sum": "7e1b5d4cafc09d2b1ea2a2b4ee2c7d1a"},
            ),
        },
    ),
    "pic_weixin_none": (e.PicturesEvent, {"count": 0, "pictures": ()}),
    "location_select": (
        e.LocationSelectEvent,
        {"latitude": 30.57, "longitude": 104.06, "scale": 15, "label": "天府大道北段", "place": "环球中心"},
    ),
    "template_finished": (
        e.TemplateSendJobFinishEvent,
        {"id": "", "job_id": "200163836", "status": "failed:user block"},
    ),
    "template_finished_lower_case": (
        e.TemplateSendJobFinishEvent,
        {"job_id": "200163837", "status": "success"},
    ),
    "mass_finished": (
        e.MassSendJobFinishEvent,
        {
            "job_id": "1000001625",
            "status": "err(30003)",
            "total": 100,
            "filtered": 80,
            "sent": 75,
            "errors": 5,
        },
    ),
    "publish_finished": (
        e.PublishJobFinishEvent,
        {
            "publish_id": "2247503051",
            "status": "0",
            "article_id": "b5O2OUs25HBxRceL7hfReg-U9QGeq9zQjiDvy",
        },
    ),
    "kf_create": (e.KfSessionEvent, {"event": "kf_create_session", "kf_account": "desk1@xiaoxiao"}),
    "kf_close": (e.KfSessionEvent, {"kf_account": "desk1@xiaoxiao", "close_type": "KF"}),
    "kf_switch": (e.KfSessionEvent, {"from_account": "desk1@xiaoxiao", "to_account": "desk2@xiaoxiao"}),
    "subscription_popup_two": (
        e.SubscriptionEvent,
        {
            "entries": (
                {"TemplateId": TEMPLATES[0], "SubscribeStatusString": "accept", "PopupScene": "2"},
                {"TemplateId": TEMPLATES[1], "SubscribeStatusString": "reject", "PopupScene": "2"},
            )
        },
    ),
    "subscription_change": (
        e.SubscriptionEvent,
        {"entries": ({"TemplateId": TEMPLATES[0], "SubscribeStatusString": "reject"},)},
    ),
    "subscription_sent": (
        e.SubscriptionEvent,
        {
            "entries": (
                {
                    "TemplateId": TEMPLATES[0],
                    "MsgID": "1700827132819554304",
                    "ErrorCode": "0",
                    "ErrorStatus": "success",
                },
            )
        },
    ),
    "authorization_revoke": (
        e.PersonalDataEvent,
        {"event": "user_authorization_revoke", "subject": OPENID, "revoked": "1"},
    ),
    "annual_renew": (e.VerificationEvent, {"event": "annual_renew", "expires": "1827037250"}),
    "naming_verify_fail": (e.VerificationEvent, {"failed": "1795501200", "reason": "名称与主体不符"}),
    "unknown_event": (e.UnknownEvent, {"event": "user_get_card"}),
}
#: what wechatpy 1.8.18 stumbles over or does not know
NOT_FOR_WECHATPY = {"text_control_characters", "unknown_type", "unknown_event", "file"}


def capture(name: str) -> bytes:
    return (CAPTURES / f"{name}.xml").read_bytes()


def test_every_capture_has_an_expectation() -> None:
    files = {path.stem for path in CAPTURES.glob("*.xml")}

    assert files == set(EXPECTED) | {"encrypted_safe", "encrypted_compatible"}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_capture_is_read_as_expected(name: str) -> None:
    kind, attributes = EXPECTED[name]

    message = parse(capture(name))

    assert kind is type(message)
    assert (OPENID, ACCOUNT) == (message.openid, message.account)
    assert attributes == {attribute: getattr(message, attribute) for attribute in attributes}


def test_every_family_of_messages_and_events_has_a_capture() -> None:
    covered = {kind for kind, _ in EXPECTED.values()}

    assert set(MESSAGES.values()) | set(EVENTS.values()) <= covered


@pytest.mark.parametrize("name", EXPECTED)
def test_fields_keep_every_element_and_survive_json(name: str) -> None:
    message = parse(capture(name))

    assert read_fields(capture(name)) == message.fields
    assert message.fields == json.loads(json.dumps(message.fields))


def test_elements_without_an_attribute_are_in_the_fields() -> None:
    fields = parse(capture("text_article_box")).fields

    assert ("2247483700", "1") == (fields["MsgDataId"], fields["Idx"])
    result = parse(capture("mass_finished")).fields["ArticleUrlResult"]
    assert result["ResultList"]["item"]["ArticleUrl"] == "https://example.com/u"


def test_the_time_is_aware() -> None:
    expected = datetime.fromtimestamp(1795500000, tz=timezone.utc)

    assert expected == parse(capture("text")).sent_at
    assert parse(capture("text")).unix_time == 1795500000


@pytest.mark.parametrize("name", sorted(set(EXPECTED) - NOT_FOR_WECHATPY))
def test_wechatpy_reads_the_same(name: str) -> None:
    message, theirs = parse(capture(name)), wechatpy.parse_message(capture(name))

    assert theirs.source == message.openid
    assert theirs.target == message.account
    assert theirs.time == message.unix_time
    if isinstance(message, m.TextMessage) and name != "text_blank":
        assert theirs.content == message.content
    if not isinstance(message, Event):
        assert str(theirs.id) == message.id


@pytest.mark.parametrize("mode", ["safe", "compatible"])
def test_an_encrypted_push_contains_the_plain_one(mode: str) -> None:
    crypter = Crypter("AAAAA", "wx0123456789abcdef", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")

    encrypted = read_fields(capture(f"encrypted_{mode}"))["Encrypt"]

    assert capture("text") == crypter.decrypt(encrypted)
