"""Everything a citizen can do, as the server receives it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.simulator.office import Office, says
from xiaoxiao.errors import InvalidRequest, NotFound
from xiaoxiao.simulator.account import Mode
from xiaoxiao.simulator.deeds import Place
from xiaoxiao.simulator.platform import Platform
from xiaoxiao.simulator.push import Field

Build = Callable[..., tuple[Platform, Office]]


def only(fields: dict[str, str], *names: str) -> dict[str, str]:
    return {name: fields[name] for name in names}


async def test_an_openid_is_28_characters_and_stays_the_same(build: Build) -> None:
    one, two = build()[0].citizen("小王"), build()[0].citizen("小王")
    assert (28, "o", two.openid) == (len(one.openid), one.openid[0], one.openid)


async def test_a_follower_of_nothing_cannot_speak(build: Build) -> None:
    stranger = build()[0].citizen("小王", following=False)
    with pytest.raises(InvalidRequest, match="还没有关注"):
        stranger.says("你好")


async def test_what_is_said_reaches_the_server_to_the_last_character(build: Build) -> None:
    platform, office = build()
    for text in ("<b>&amp;]]>😀", "a]]]]>b", "  两头有空格  "):
        await platform.citizen("小王").says(text)
        assert text == office.received[-1]["Content"]


async def test_control_characters_arrive_raw_as_wechat_sends_them(build: Build) -> None:
    platform, office = build(mode=Mode.PLAIN)
    await platform.citizen("小王").says("a\x10b")  # the scripted office cannot parse it: a 500, three times
    assert b"a\x10b" in office.bodies[0]


async def test_voice_comes_without_recognition_unless_told(build: Build) -> None:
    platform, office = build()
    await platform.citizen("小王").speaks()
    assert "" == office.received[-1]["Recognition"]
    await platform.citizen("小王").speaks("我家漏水了")
    assert {"Format": "amr", "Recognition": "我家漏水了"} == only(
        office.received[-1], "Format", "Recognition"
    )


async def test_a_photo_is_kept_where_the_picture_address_says(build: Build) -> None:
    platform, office = build()
    await platform.citizen("小王").sends_photo(b"\xff\xd8\xffphoto")
    fields = office.received[-1]
    assert fields["PicUrl"].endswith(fields["MediaId"])
    medium = platform.shelf.get(fields["MediaId"], now=platform.clock.now())
    assert medium is not None
    assert b"\xff\xd8\xffphoto" == medium.content


async def test_location_x_is_the_latitude(build: Build) -> None:
    platform, office = build()
    await platform.citizen("小王").sends_location(31.23, 121.47, "人民广场")
    sent = only(office.received[-1], "Location_X", "Location_Y", "Scale", "Label")
    assert {"Location_X": "31.23", "Location_Y": "121.47", "Scale": "16", "Label": "人民广场"} == sent


async def test_links_files_and_videos_are_sent_with_their_fields(build: Build) -> None:
    platform, office = build()
    citizen = platform.citizen("小王")
    await citizen.sends_link("题", "要", "https://example.org")
    await citizen.sends_file("a.pdf", b"12345")
    await citizen.sends_video(b"mp4")
    link, file, video = office.received
    assert ("link", "题", "https://example.org") == (link["MsgType"], link["Title"], link["Url"])
    assert ("file", "a.pdf", "5") == (file["MsgType"], file["Title"], file["FileTotalLen"])
    assert platform.knows_medium(video["ThumbMediaId"])


async def test_following_by_a_qr_code_tells_scene_and_ticket(build: Build) -> None:
    platform, office = build()
    stranger = platform.citizen("小王", following=False)
    await stranger.scans("shelter-12").sees("subscribe")
    fields = office.received[-1]
    assert {"Event": "subscribe", "EventKey": "qrscene_shelter-12"} == only(fields, "Event", "EventKey")
    assert "MsgId" not in fields
    await stranger.scans(fields["Ticket"])
    assert {"Event": "SCAN", "EventKey": "shelter-12"} == only(office.received[-1], "Event", "EventKey")


async def test_leaving_is_told_and_never_answered(build: Build) -> None:
    platform, office = build()
    citizen = platform.citizen("小王")
    await citizen.unfollows().sees_nothing()
    assert "unsubscribe" == office.received[-1]["Event"]
    assert not citizen.following


@pytest.mark.parametrize("name", ["常识", "knowledge"])
async def test_a_menu_click_sends_the_entrys_key(build: Build, name: str) -> None:
    platform, office = build()
    await platform.citizen("小王").clicks(name).sees("CLICK")
    assert "knowledge" == office.received[-1]["EventKey"]


async def test_a_view_click_tells_the_address_and_shows_no_reply(build: Build) -> None:
    platform, office = build()
    await platform.citizen("小王").clicks("官网").sees_nothing()
    assert {"Event": "VIEW", "EventKey": "https://example.org/"} == only(
        office.received[-1], "Event", "EventKey"
    )


async def test_photos_taken_from_the_menu_follow_as_messages(build: Build) -> None:
    platform, office = build(mode=Mode.PLAIN)
    await platform.citizen("小王").clicks("爆料", photos=[b"1", b"2"])
    assert ["event", "image", "image"] == [f["MsgType"] for f in office.received]
    assert 2 == office.bodies[0].count(b"<PicMd5Sum>")


async def test_a_place_chosen_from_the_menu_follows_as_a_message(build: Build) -> None:
    platform, office = build()
    await platform.citizen("小王").clicks("避难", place=Place(31.2, 121.4, "家"))
    assert ["event", "location"] == [f["MsgType"] for f in office.received]


async def test_an_entry_the_platform_answers_itself_tells_the_server_nothing(build: Build) -> None:
    platform, office = build()
    await platform.citizen("小王").clicks("海报")
    assert [] == office.received


async def test_an_entry_that_is_not_there_cannot_be_clicked(build: Build) -> None:
    with pytest.raises(NotFound):
        build()[0].citizen("小王").clicks("没有")


async def test_a_tap_on_a_link_says_its_text_with_its_id(build: Build) -> None:
    async def offer(fields: dict[str, str]) -> list[Field]:
        return says('<a href="weixin://bizmsgmenu?msgmenucontent=地震怎么躲&msgmenuid=102">地震</a>')

    platform, office = build(offer)
    citizen = platform.citizen("小王")
    await citizen.says("选项")
    await citizen.taps("地震")
    assert {"Content": "地震怎么躲", "bizmsgmenuid": "102"} == only(
        office.received[-1], "Content", "bizmsgmenuid"
    )
    with pytest.raises(NotFound):
        citizen.taps("没有的")


async def test_an_expectation_that_fails_shows_what_she_saw(build: Build) -> None:
    with pytest.raises(AssertionError, match="你好"):
        await build()[0].citizen("小王").says("你好").sees("再见")
    with pytest.raises(AssertionError, match="不该有回答"):
        await build()[0].citizen("小王").says("你好").sees_nothing()


async def test_she_waits_for_what_comes_later(build: Build) -> None:
    platform, _ = build()
    citizen = platform.citizen("小王")
    platform.spawn(citizen.says("回声"))
    assert "回声" == (await citizen.waits_for("回声")).text
    await platform.settle()
    with pytest.raises(AssertionError):
        await citizen.waits_for("不来", seconds=0)
