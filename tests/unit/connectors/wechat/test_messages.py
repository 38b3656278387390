"""Parsing: formats, keys of repeated deliveries, and odd input, which gives a message or MessageMalformed."""

from __future__ import annotations

import contextlib
import json
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.wechat.body import MAX_BYTES, MAX_DEPTH, read_fields
from connectors.wechat.errors import MessageMalformed
from connectors.wechat.events import ScanEvent, SubscribeEvent, SubscriptionEvent, UnknownEvent
from connectors.wechat.messages import LocationMessage, TextMessage, UnknownMessage, parse
from connectors.wechat.push import Message

HEAD: dict[str, Any] = {"ToUserName": "gh_1", "FromUserName": "oA", "CreateTime": "1795500000"}


def xml(inner: str = "", **elements: str | None) -> bytes:
    """A text message with elements changed or, given None, left out."""
    values = HEAD | {"MsgType": "text", "Content": "hi", "MsgId": "1"} | elements
    return (
        f"<xml>{''.join(f'<{n}>{v}</{n}>' for n, v in values.items() if v is not None)}{inner}</xml>".encode()
    )


def event(name: str, **elements: str) -> bytes:
    return xml(MsgType="event", Content=None, MsgId=None, Event=name, **elements)


def text_of(body: bytes) -> str:
    message = parse(body)
    assert isinstance(message, TextMessage)
    return message.content


# --- formats ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before", ["", "\n", "\r\n \t", "\ufeff", "\ufeff\n", "<?xml version='1.0'?>", "\n<?xml version='1.0'?>"]
)
def test_what_stands_in_front_of_the_xml_does_no_harm(before: str) -> None:
    assert text_of(before.encode() + xml()) == "hi"


@pytest.mark.parametrize("declared", ["gbk", "utf-16", "latin-1", "nonsense"])
def test_the_declared_encoding_is_not_believed(declared: str) -> None:
    body = f'<?xml version="1.0" encoding="{declared}"?>'.encode() + xml(Content="你好")

    assert text_of(body) == "你好"


def test_json_gives_the_same_message_as_xml() -> None:
    as_json = HEAD | {"CreateTime": 1795500000, "MsgType": "text", "Content": "hi", "MsgId": 1}

    assert parse(xml()) == parse(json.dumps(as_json).encode())


def test_numbers_in_json_keep_all_their_digits() -> None:
    body = HEAD | {"MsgType": "location", "Location_X": 30.5, "Location_Y": 104, "MsgId": 24683100000000001}

    message = parse(json.dumps(body).encode())

    assert isinstance(message, LocationMessage)
    assert (30.5, 104.0, "24683100000000001") == (message.latitude, message.longitude, message.id)


@pytest.mark.parametrize("entries", [{"TemplateId": "T"}, [{"TemplateId": "T"}]])
def test_a_list_in_json_may_be_one_object_or_an_array(entries: object) -> None:
    body = HEAD | {"MsgType": "event", "Event": "subscribe_msg_popup_event", "List": entries}

    message = parse(json.dumps(body).encode())

    assert isinstance(message, SubscriptionEvent)
    assert ({"TemplateId": "T"},) == message.entries


def test_null_and_boolean_in_json_become_text() -> None:
    body = HEAD | {"MsgType": "event", "Event": "x", "A": None, "B": True}

    fields = parse(json.dumps(body).encode()).fields

    assert ("", "true") == (fields["A"], fields["B"])


def test_escaped_control_characters_and_lone_surrogates_in_json_are_dropped() -> None:
    body = json.dumps(HEAD | {"MsgType": "text", "Content": "a\x00\ud83d\x1db😀"}).encode()

    assert text_of(body) == "ab😀"


def test_a_surrogate_pair_in_raw_bytes_becomes_its_character() -> None:
    assert text_of(xml(Content="@").replace(b"@", b"\xed\xa0\xbd\xed\xb8\x80")) == "😀"


@pytest.mark.parametrize("name", ["SCAN", "scan", "Scan", " SCAN\n"])
def test_event_names_are_compared_without_case(name: str) -> None:
    message = parse(event(name, EventKey="12"))

    assert isinstance(message, ScanEvent)
    assert ("scan", "12") == (message.event, message.scene)


def test_the_message_type_is_compared_without_case() -> None:
    assert text_of(xml(MsgType=" TEXT ")) == "hi"


@pytest.mark.parametrize(
    ("key", "scene"),
    [("qrscene_12", "12"), ("qrscene_qrscene_a", "qrscene_a"), ("scanbarcode|EAN_13|1|2", ""), ("", "")],
)
def test_the_scene_is_what_we_put_into_our_qr_code(key: str, scene: str) -> None:
    message = parse(event("subscribe", EventKey=key))

    assert isinstance(message, SubscribeEvent)
    assert scene == message.scene


def test_messages_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        parse(xml()).openid = "o"  # type: ignore[misc]


# --- keys of repeated deliveries -------------------------------------------------------------------


def key(body: bytes) -> str:
    return parse(body).delivery_key


def test_a_repeated_delivery_has_the_same_key() -> None:
    assert key(xml()) == key(xml())
    assert key(event("subscribe")) == key(event("subscribe"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (xml(MsgId="1"), xml(MsgId="2")),
        (xml(FromUserName="oA"), xml(FromUserName="oB")),
        (event("CLICK", EventKey="a"), event("CLICK", EventKey="b")),
        (event("CLICK", EventKey="a"), event("VIEW", EventKey="a")),
        (event("VIEW", EventKey="a", MenuId="1"), event("VIEW", EventKey="a", MenuId="2")),
        (event("SCAN", EventKey="a", Ticket="1"), event("SCAN", EventKey="a", Ticket="2")),
        (event("SCAN", EventKey="a", MenuId="1"), event("SCAN", EventKey="a", Ticket="1")),
        (event("X", MsgID="1"), event("X", MsgID="2")),
        (event("X", EventKey="a", MsgID="1"), event("X", EventKey="a", MsgID="2")),
        (event("LOCATION", Latitude="1"), event("LOCATION", Latitude="2")),
        (event("CLICK", EventKey="a"), event("CLICK", EventKey="a", CreateTime="1795500001")),
        (event("CLICK", EventKey="a"), event("CLICK", EventKey="a", FromUserName="oB")),
        (xml(MsgId=None, Content="a"), xml(MsgId=None, Content="b")),
        (xml(MsgId="0", Content="a"), xml(MsgId="0", Content="b")),
        (xml(FromUserName="oA:1", MsgId="2"), xml(FromUserName="oA", MsgId="1:2")),
        (xml(MsgId="1"), event("CLICK", EventKey="1")),
    ],
)
def test_two_different_pushes_have_different_keys(one: bytes, other: bytes) -> None:
    assert key(one) != key(other)


def test_a_made_up_openid_cannot_claim_the_key_of_an_event() -> None:
    openid, _, tail = key(event("CLICK", EventKey="a")).rpartition(":")

    assert key(event("CLICK", EventKey="a")) != key(xml(FromUserName=openid, MsgId=tail))


def test_the_key_of_a_message_does_not_depend_on_what_else_is_in_it() -> None:
    assert key(xml(CreateTime="1795500000")) == key(xml(CreateTime="1795500005", Content="other"))


def test_the_order_of_elements_and_the_format_do_not_change_the_key() -> None:
    as_json = json.dumps({"Latitude": 1, "Event": "LOCATION", "MsgType": "event"} | HEAD).encode()

    assert key(event("LOCATION", Latitude="1")) == key(as_json)


def test_a_key_is_short_even_for_a_long_address() -> None:
    assert len(key(event("VIEW", EventKey="https://example.com/" + "a" * 1000))) < 100


# --- odd input -------------------------------------------------------------------------------------

MALFORMED: dict[str, bytes] = {
    "empty": b"",
    "blanks": b" \n ",
    "text": b"success",
    "number": b"12345",
    "json array": b"[]",
    "json empty object": b"{}",
    "json cut off": b'{"MsgType": "text"',
    "json field twice": json.dumps(HEAD | {"MsgType": "text"}).replace("}", ',"MsgType":"event"}').encode(),
    "json NaN": json.dumps(HEAD | {"MsgType": "text", "X": float("nan")}).encode(),
    "json very deep": b'{"a":' * 40_000,
    "json deep": json.dumps(HEAD | {"MsgType": "text", "X": [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}).encode(),
    "json array as openid": json.dumps(HEAD | {"MsgType": "text", "FromUserName": ["a"]}).encode(),
    "empty root": b"<xml/>",
    "root without content": b"<xml></xml>",
    "root with text": b"<xml>hello</xml>",
    "other root": b"<message><MsgType>text</MsgType></message>",
    "two roots": xml() + xml(),
    "html": b"<html><body><p>502 Bad Gateway</p></body></html>",
    "mismatched tag": b"<xml><MsgType>text</MsgTyp></xml>",
    "cut off": xml()[:-20],
    "no MsgType": xml(MsgType=None),
    "empty MsgType": xml(MsgType=""),
    "MsgType twice": xml("<MsgType>event</MsgType>"),
    "nested MsgType": xml(MsgType="<a>text</a>"),
    "long MsgType": xml(MsgType="t" * 200),
    "nested Event": event("<a>subscribe</a>"),
    "Event twice": event("subscribe", EventKey="</EventKey><Event>CLICK</Event><EventKey>"),
    "nested EventKey": event("subscribe", EventKey="<a>1</a>"),
    "no CreateTime": xml(CreateTime=None),
    "CreateTime a word": xml(CreateTime="xx"),
    "CreateTime negative": xml(CreateTime="-1"),
    "CreateTime huge": xml(CreateTime="9" * 30),
    "CreateTime in full-width digits": xml(CreateTime="１７９５５０００００"),
    "CreateTime fraction": xml(CreateTime="1795500000.5"),
    "no FromUserName": xml(FromUserName=None),
    "empty FromUserName": xml(FromUserName=" "),
    "long FromUserName": xml(FromUserName="o" * 200),
    "FromUserName twice": xml("<FromUserName>oB</FromUserName>"),
    "no ToUserName": xml(ToUserName=None),
    "nested MsgId": xml(MsgId="<a>1</a>"),
    "nested Content": xml(Content="a<b>1</b>"),
    "Content twice": xml("<Content>b</Content>"),
    "GBK": xml(Content="你好").decode().encode("gbk"),
    "UTF-16": xml().decode().encode("utf-16"),
    "invalid UTF-8": xml(Content="@").replace(b"@", b"\xff\xfe"),
    "overlong UTF-8": xml(Content="@").replace(b"@", b"\xc0\x80"),
    "NUL reference": xml(Content="&#0;"),
    "control reference": xml(Content="&#x1d;"),
    "unknown entity": xml(Content="&nbsp;"),
    "doctype": b"<!DOCTYPE xml>" + xml(),
    "doctype after a declaration": b"<?xml version='1.0'?><!DOCTYPE xml>" + xml(),
    "external doctype": b'<!DOCTYPE xml SYSTEM "file:///etc/passwd">' + xml(),
    "external entity": b'<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + xml(Content="&e;"),
    "entity bomb": b'<!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + xml(Content="&b;"),
    "too large": xml(Content="a" * MAX_BYTES),
    "too deep": xml("<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH),
    "very deep": xml("<a>" * 30_000 + "</a>" * 30_000),
    "encrypted": b"<xml>\n    <ToUserName><![CDATA[gh_1]]></ToUserName>\n    <Encrypt>x</Encrypt>\n</xml>\n",
}

UNDERSTOOD: dict[str, bytes] = {
    "MsgType with attribute": xml(MsgType=None, inner="<MsgType a='1'>text</MsgType>"),
    "no Content": xml(Content=None),
    "Content of blanks": xml(Content=" \n "),
    "no MsgId": xml(MsgId=None),
    "MsgId a word": xml(MsgId="abc"),
    "MsgId empty": xml(MsgId=""),
    "CreateTime with blanks": xml(CreateTime=" 1795500000\n"),
    "event without Event": xml(MsgType="event"),
    "event with empty Event": event(""),
    "comment and instruction": xml("<!-- x --><?php echo 1 ?>"),
    "webwx mark": xml("webwx_msg_cli_ver_0x1\n"),
    "emoji": xml(Content="👨‍👩‍👧"),
    "references": xml(Content="&#x4f60;&#22909;&amp;&lt;"),
    "raw control characters": xml(Content="a\x00\x08\x1d\x0bb"),
    "raw non-characters": xml(Content="\ufffe\uffff"),
    "lone surrogate bytes": xml(Content="@").replace(b"@", b"\xed\xa0\x80"),
    "control characters in a tag": xml().replace(b"<Content>", b"<Cont\x01ent>"),
    "namespace": xml("<a:b xmlns:a='u'>1</a:b>"),
    "undeclared namespace": xml("<a:b>1</a:b>"),
    "unknown type": xml(MsgType="hologram"),
    "many unknown elements": xml("<z/>" * 20_000),
    "largest": xml(Content="a" * (MAX_BYTES - len(xml(Content="")))),
    "deepest": xml("<a>" * (MAX_DEPTH - 1) + "</a>" * (MAX_DEPTH - 1)),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_odd_input_is_refused_with_one_error(name: str) -> None:
    with pytest.raises(MessageMalformed) as caught:
        parse(MALFORMED[name])

    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_odd_but_harmless_input_is_a_message(name: str) -> None:
    message = parse(UNDERSTOOD[name])

    assert message.openid == "oA"
    assert message.delivery_key.startswith("oA:")


def test_unknown_types_keep_every_field() -> None:
    message, happening = parse(xml("<A><B>1</B></A>", MsgType="hologram")), parse(event("hologram_on", A="1"))

    assert isinstance(message, UnknownMessage)
    assert {"B": "1"} == message.fields["A"]
    assert isinstance(happening, UnknownEvent)
    assert ("hologram_on", "1") == (happening.event, happening.fields["A"])


def test_an_event_without_a_name_is_unknown() -> None:
    message = parse(xml(MsgType="event"))

    assert isinstance(message, UnknownEvent)
    assert message.event == ""


@pytest.mark.parametrize("value", ["", "x", "nan", "inf", "1,5"])
def test_a_bad_coordinate_does_not_cost_the_message(value: str) -> None:
    message = parse(xml(MsgType="location", Location_X=value, Location_Y="104.0", Label="天府广场"))

    assert isinstance(message, LocationMessage)
    assert (None, 104.0, "天府广场") == (message.latitude, message.longitude, message.label)


# --- fuzzing ---------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "Content", "MsgId", "List"]
)
kinds = st.sampled_from(["text", "event", "location", "image", "hologram"])
happenings = st.sampled_from(["subscribe", "SCAN", "pic_sysphoto", "subscribe_msg_popup_event", "x"])


def accept(body: bytes) -> None:
    with contextlib.suppress(MessageMalformed):
        message = parse(body)
        assert isinstance(message, Message)
        assert message.delivery_key
        json.dumps(message.fields).encode()


@given(st.binary(max_size=400))
def test_any_bytes_raise_nothing_but_message_malformed(body: bytes) -> None:
    accept(body)
    accept(b"<xml>" + body + b"</xml>")
    accept(b"{" + body)


@given(st.data())
def test_a_damaged_message_raises_nothing_but_message_malformed(data: st.DataObject) -> None:
    body = bytearray(xml("<SendPicsInfo><Count>1</Count></SendPicsInfo>", Content="<![CDATA[你好]]>"))
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(body)))
        body[start : start + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))

    accept(bytes(body))


@given(kinds, happenings, st.dictionaries(names | st.text(max_size=8), json_values, max_size=4))
def test_any_json_raises_nothing_but_message_malformed(
    kind: str, happening: str, odd: dict[str, Any]
) -> None:
    accept(json.dumps(HEAD | {"MsgType": kind, "Event": happening} | odd).encode())


@given(kinds, happenings, st.lists(st.tuples(names, st.text(max_size=12)), max_size=4))
def test_any_elements_raise_nothing_but_message_malformed(
    kind: str, happening: str, odd: list[tuple[str, str]]
) -> None:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in odd)

    accept(xml(inner, MsgType=kind, Event=happening).decode().encode("utf-8", "surrogatepass"))


def test_loose_text_beside_elements_is_dropped() -> None:
    assert {"A": "1"} == read_fields(b"<xml>x<A>1</A>y</xml>")
