"""A newcomer uses the simulator's page, with mouse and keyboard, on a desktop and on a phone."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import free_port, running_office

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
pytestmark = pytest.mark.browser
#: 2 × 400
TALL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAGQCAAAAAChBO4EAAAAFUlEQVR42mM4cIBhFI2iUTSKhgICAJcSWB8WhLbTAAAAAElFTkSuQmCC"
)
Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, office: str) -> Iterator[Open]:
    """Opens the page at a width; a script error or a blocked resource fails the test."""
    pages: list[Page] = []
    errors: list[str] = []

    def open_at(width: int = 1280, height: int = 800, *, address: str = office, loses: bool = False) -> Page:
        page = browser.new_page(viewport={"width": width, "height": height})
        page.on("pageerror", lambda error: errors.append(str(error)))
        if not loses:  # a lost connection is an error on the console
            page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.goto(f"{address}/simulator")
        pages.append(page)
        return page

    yield open_at
    for page in pages:
        page.close()
    assert [] == errors


def citizen(page: Page, name: str) -> Locator:
    """A new citizen who follows and has the keyboard open."""
    page.get_by_role("button", name="＋ 市民").click()
    page.get_by_label("名字").fill(name)
    page.get_by_role("button", name="添加", exact=True).click()
    phone = page.get_by_role("tabpanel", name=f"{name}的微信")
    phone.get_by_role("button", name="关注公众号").click()
    expect(phone.get_by_text("您好,我是小小")).to_be_visible()
    phone.get_by_role("button", name="打字").click()
    return phone


def say(phone: Locator, text: str) -> None:
    phone.get_by_role("textbox").fill(text)
    phone.get_by_role("textbox").press("Enter")


def test_what_is_typed_is_answered(open_page: Open) -> None:
    phone = citizen(open_page(), "打字者")
    say(phone, "台风来了")
    expect(phone.locator(".mine .bubble").last).to_have_text("台风来了")
    expect(phone.locator(".theirs .bubble").last).to_have_text("您说的是「台风来了」")


def test_shift_enter_begins_a_line_and_an_input_methods_enter_sends_nothing(open_page: Open) -> None:
    phone = citizen(open_page(), "换行者")
    box = phone.get_by_role("textbox")
    box.fill("一")
    box.press("Shift+Enter")
    box.press_sequentially("二")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    expect(box).to_have_value("一\n二")
    expect(phone.locator(".mine")).to_have_count(0)


def test_links_say_or_open_and_other_tags_are_text(open_page: Open) -> None:
    phone = citizen(open_page(), "点击者")
    say(phone, "选项")
    outside = phone.get_by_role("link", name="应急管理部网站")
    expect(outside).to_have_attribute("href", "https://www.mem.gov.cn")
    expect(outside).to_have_attribute("rel", "noopener noreferrer")
    expect(phone.get_by_text("<b>不是粗体</b>")).to_be_visible()
    phone.get_by_role("button", name="地震怎么躲").press("Enter")
    expect(phone.locator(".theirs .bubble").last).to_have_text("您说的是「地震怎么躲」 #102")


def test_markup_in_what_people_write_is_never_run(open_page: Open) -> None:
    page = open_page()
    phone = citizen(page, "坏人<img>")
    say(phone, "<img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script>")
    expect(phone.locator(".theirs .bubble").last).to_contain_text("onerror")
    page.get_by_role("button", name="报文", exact=True).first.click()
    page.locator("#exchanges summary").first.click()
    expect(page.locator("#exchanges pre").nth(1)).to_contain_text("<script>")
    assert 0 == page.locator("#phones img, #exchanges img, #exchanges script").count()
    assert "pwned" != page.title()


def test_the_menu_works_with_the_keyboard(open_page: Open) -> None:
    page = open_page()
    phone = citizen(page, "键盘者")
    phone.get_by_role("button", name="菜单").press("Enter")
    top = phone.get_by_role("button", name="查询")
    top.press("Enter")
    expect(phone.get_by_role("menuitem", name="违章查询")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(phone.get_by_role("menuitem", name="食品追溯")).to_be_focused()
    page.keyboard.press("Escape")
    expect(top).to_be_focused()
    expect(phone.get_by_role("menuitem", name="食品追溯")).to_be_hidden()
    top.click()
    phone.get_by_role("menuitem", name="食品追溯").click()
    expect(phone.get_by_text("收到 event CLICK food")).to_be_visible()


def test_a_photo_is_shown_before_and_after_it_is_sent(open_page: Open) -> None:
    page = open_page()
    phone = citizen(page, "拍照者")
    phone.get_by_role("button", name="更多功能").click()
    with page.expect_file_chooser() as chooser:
        phone.get_by_role("button", name="照片").click()
    chooser.value.set_files([{"name": "a.png", "mimeType": "image/png", "buffer": PNG}])
    expect(page.get_by_alt_text("预览:a.png")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="发送").click()
    expect(phone.get_by_text("收到 image")).to_be_visible()
    assert 1 == phone.get_by_alt_text("图片", exact=True).evaluate("image => image.naturalWidth")


@pytest.mark.parametrize("width", [390, 1280])
def test_several_photos_go_at_once_and_the_answer_is_in_sight(open_page: Open, width: int) -> None:
    page = open_page(width, 844)
    phone = citizen(page, f"多图{width}")
    phone.get_by_role("button", name="更多功能").click()
    with page.expect_file_chooser() as chooser:
        phone.get_by_role("button", name="照片").click()
    chooser.value.set_files(
        [{"name": f"{number}.png", "mimeType": "image/png", "buffer": TALL} for number in (1, 2)]
    )
    expect(page.get_by_alt_text("预览:2.png")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="发送").click()
    expect(phone.get_by_text("收到 image")).to_have_count(2)
    expect(phone.get_by_role("button", name="照片")).to_be_hidden()
    expect(phone.locator(".theirs .bubble").last).to_be_in_viewport()


def test_a_place_from_the_list_is_sent(open_page: Open) -> None:
    page = open_page()
    phone = citizen(page, "问路者")
    phone.get_by_role("button", name="更多功能").click()
    phone.get_by_role("button", name="位置", exact=True).click()
    page.get_by_label("常用地点").select_option(label="化工园区")
    expect(page.get_by_label("纬度")).to_have_value("30.7417")
    page.get_by_role("dialog").get_by_role("button", name="发送").click()
    expect(phone.get_by_text("收到 location")).to_be_visible()
    expect(phone.locator(".card.place strong")).to_have_text("园区一路 1 号")


@pytest.mark.parametrize("said", ["我家漏水了", ""])
def test_a_voice_message_with_or_without_words(open_page: Open, said: str) -> None:
    page = open_page()
    phone = citizen(page, f"说话者{len(said)}")
    phone.get_by_role("button", name="语音").click()
    phone.get_by_role("button", name="点这里 说话").click()
    page.get_by_label("说了什么").fill(said)
    page.get_by_role("dialog").get_by_role("button", name="发送").click()
    expect(phone.get_by_text("收到 voice")).to_be_visible()
    expect(phone.locator(".recognised")).to_have_count(1 if said else 0)


def test_the_typing_sign_stands_in_the_title_until_the_answer_comes(open_page: Open) -> None:
    phone = citizen(open_page(), "等待者")
    say(phone, "稍后")
    expect(phone.get_by_role("heading", name="对方正在输入…")).to_be_visible()
    expect(phone.get_by_text("LATER")).to_be_visible()
    expect(phone.get_by_role("heading", name="示例市应急办")).to_be_visible()


def test_a_broken_answer_shows_what_wechat_shows(open_page: Open) -> None:
    phone = citizen(open_page(), "倒霉者")
    say(phone, "坏了")
    expect(phone.locator(".notice")).to_have_text("该公众号暂时无法提供服务，请稍后再试")


def test_the_drawer_shows_the_real_messages(open_page: Open) -> None:
    page = open_page()
    phone = citizen(page, "好奇者")
    say(phone, "你好")
    answer = phone.locator(".theirs").last
    expect(answer).to_contain_text("您说的是")
    answer.hover()
    answer.get_by_role("button", name="看这条消息的报文").click()
    entry = page.locator("#exchanges details[open]")
    expect(entry.locator("summary")).to_be_focused()
    expect(entry).to_contain_text("<Content><![CDATA[你好]]></Content>")
    expect(entry).to_contain_text("<Encrypt>")
    expect(entry).to_contain_text("<Content><![CDATA[您说的是「你好」]]></Content>")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()


def test_leaving_and_coming_back(open_page: Open) -> None:
    phone = citizen(open_page(), "离开者")
    phone.get_by_role("button", name="更多", exact=True).click()
    phone.get_by_role("menuitem", name="取消关注").click()
    expect(phone.get_by_role("textbox")).to_be_hidden()
    phone.get_by_role("button", name="关注公众号").click()
    expect(phone.locator(".theirs")).to_have_count(2)


def test_a_lost_connection_is_told_and_costs_no_draft(open_page: Open) -> None:
    page = open_page(loses=True)
    phone = citizen(page, "断线者")
    page.route("**/simulator/changes*", lambda route: route.abort())
    say(phone, "最后一句")  # ends the pending request; the next one is lost
    expect(page.get_by_text("连接断开,正在重新连接…")).to_be_visible()
    phone.get_by_role("textbox").fill("还没说完")
    page.unroute("**/simulator/changes*")
    expect(page.get_by_text("连接断开,正在重新连接…")).to_be_hidden()
    expect(phone.get_by_text("您说的是「最后一句」")).to_be_visible()
    expect(phone.get_by_role("textbox")).to_have_value("还没说完")


def test_after_a_restart_of_the_server_the_page_works_again(open_page: Open) -> None:
    port = free_port()
    with running_office(port) as address:
        page = open_page(address=address, loses=True)
        expect(page.get_by_role("tab", name="小王")).to_be_visible()
        life = page.locator('meta[name="simulator-life"]').get_attribute("content")
    with running_office(port):
        expect(page.locator('meta[name="simulator-life"]')).not_to_have_attribute("content", str(life))
        expect(page.get_by_role("tab", name="小王")).to_be_visible()
        phone = citizen(page, "归来者")
        say(phone, "还在吗")
        expect(phone.get_by_text("您说的是「还在吗」")).to_be_visible()


def test_several_citizens_stand_side_by_side_and_stay_after_a_reload(open_page: Open) -> None:
    page = open_page()
    one, two = citizen(page, "甲"), citizen(page, "乙")
    say(one, "我是甲")
    expect(one.get_by_text("您说的是「我是甲」")).to_be_visible()
    expect(two.get_by_text("我是甲")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("tabpanel", name="甲的微信").get_by_text("您说的是「我是甲」")).to_be_attached()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_sticks_out_at_either_width(open_page: Open, width: int) -> None:
    page = open_page(width, 700)
    phone = citizen(page, f"宽{width}")
    say(phone, "长文")
    expect(phone.get_by_text("发现燃气泄漏")).to_be_visible()
    say(phone, "a" * 300)
    expect(phone.locator(".theirs .bubble").last).to_contain_text("aaa")
    assert width == page.evaluate("document.documentElement.scrollWidth")
    log = phone.get_by_role("log")
    assert 0 == log.evaluate("list => list.scrollWidth - list.clientWidth")
    assert 2 > log.evaluate("list => list.scrollHeight - list.scrollTop - list.clientHeight")


def test_on_a_phone_the_tabs_change_the_citizen(open_page: Open) -> None:
    page = open_page(360, 700)
    one = citizen(page, "丙")
    two = citizen(page, "丁")
    expect(one).to_be_hidden()
    page.get_by_role("tab", name="丙").click()
    expect(one).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(two).to_be_visible()


def test_every_control_has_a_name(open_page: Open) -> None:
    page = open_page()
    citizen(page, "听屏者").get_by_role("button", name="更多功能").click()
    nameless = """() => [...document.querySelectorAll('button, input, textarea, select, a')]
      .filter(e => e.checkVisibility())
      .filter(e => !(e.getAttribute('aria-label') || e.innerText.trim() || e.labels?.length))
      .map(e => e.outerHTML)"""
    assert [] == page.evaluate(nameless)
