"""What a newcomer sees after `make run`: the real server, its simulator, a citizen, and the first desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Browser, Locator, Page, expect

from tests.acceptance.running_office import RunningOffice
from tests.browser.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, trained: None) -> Iterator[RunningOffice]:
    office = RunningOffice(tmp_path_factory.mktemp("newcomer"))
    office.start()
    office.wait()
    yield office
    office.stop()


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
def page(browser: Browser, office: RunningOffice, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": request.param, "height": 844})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(office.address)
    yield page
    page.close()
    assert [] == errors


def test_a_newcomer_talks_to_xiaoxiao_and_gets_a_person(
    page: Page, office: RunningOffice, tmp_path: Path
) -> None:
    width = (page.viewport_size or {"width": 0})["width"]
    phone = Phone.follows(page, f"新人{width}").panel
    expect(phone.locator(".theirs .bubble").last).to_contain_text("我是小小")

    _say(phone, "鱼刺卡喉咙里了咋整")
    expect(phone.locator(".theirs .bubble").last).to_contain_text("千万不要")
    _say(phone, "家里一股臭鸡蛋味")
    expect(phone.locator(".theirs .bubble").last).to_contain_text("119")
    phone.get_by_role("button", name="菜单").click()
    phone.get_by_role("button", name="应急常识").click()
    phone.get_by_role("menuitem", name="自然灾害防控").click()
    expect(phone.locator(".theirs .bubble").last).to_contain_text("自然灾害")
    phone.get_by_role("button", name="打字").click()
    before = phone.locator(".theirs .bubble").count()
    _say(phone, "1")
    expect(phone.locator(".theirs .bubble")).to_have_count(before + 1)
    page.screenshot(path=tmp_path / "chat.png")

    _say(phone, "我要找真人")
    expect(phone.locator(".theirs .bubble").last).to_contain_text("工作人员")
    openid = _waiting(office)
    office.command("conversations", "reply", openid, "您好,我是值班员老周。")
    expect(phone.locator(".theirs .bubble").last).to_have_text("您好,我是值班员老周。", timeout=15_000)
    office.command("conversations", "release", openid)
    _say(phone, "谢谢啦")
    expect(phone.locator(".theirs .bubble").last).not_to_contain_text("工作人员")
    assert "Traceback" not in office.log()


def _say(phone: Locator, text: str) -> None:
    phone.get_by_role("textbox").fill(text)
    phone.get_by_role("textbox").press("Enter")
    expect(phone.locator(".mine .bubble").last).to_have_text(text)
    expect(phone.locator(".mine, .theirs").last).to_have_class(re.compile("theirs"))


def _waiting(office: RunningOffice) -> str:
    """The openid of whoever waits for a person."""
    listed = office.command("conversations", "list", "--status", "pending")
    return listed.split()[0]
