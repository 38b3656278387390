"""A report with photos and a place, and every query, in a real browser on the real server and a real back end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Browser, Page

from tests.acceptance.running_backend import RunningBackend, database_with
from tests.acceptance.running_office import RunningOffice
from tests.browser.phone import Phone
from tests.browser.test_simulator_page import PNG
from tests.contract.queries.served import TOKEN

pytestmark = [pytest.mark.browser, pytest.mark.model]
#: what each answer over the back end says
SOURCE = "来源:示例数据(虚构的样例区,并非真实),截至", "以上是示例数据,并非真实。"
WIDTHS = pytest.mark.parametrize("page", [1280, 390], indirect=True, ids=["desktop", "phone"])


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBackend]:
    backend = RunningBackend(tmp_path_factory.mktemp("backend"))
    backend.start()
    yield backend
    backend.kill()


@pytest.fixture(scope="module")
def office(
    tmp_path_factory: pytest.TempPathFactory, trained: None, backend: RunningBackend
) -> Iterator[RunningOffice]:
    """It knows the names of places itself; everything else is at the back end."""
    folder = tmp_path_factory.mktemp("office")
    settings = {"BACKEND_URL": backend.url, "BACKEND_TOKEN": TOKEN, "MEDIA_STORAGE": str(folder / "media")}
    office = RunningOffice(folder, **settings)
    database_with(folder / "office.db", ["places"])
    office.start()
    office.wait()
    yield office
    office.stop()


@pytest.fixture
def page(
    browser: Browser, office: RunningOffice, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Page]:
    """A picture is left only of what fails; a script error fails the test, and so does a stack trace in the log."""
    page = browser.new_page(viewport={"width": request.param, "height": 844})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(office.address)
    failed = request.session.testsfailed
    yield page
    sticks_out = page.evaluate("document.documentElement.scrollWidth") - request.param
    if request.session.testsfailed > failed or sticks_out:
        page.screenshot(path=tmp_path / "page.png")
    page.close()
    assert ([], 0) == (errors, sticks_out)
    assert "Traceback" not in office.log()


@WIDTHS
def test_a_report_with_two_photos_and_a_place_has_a_number_and_its_progress(
    page: Page, office: RunningOffice
) -> None:
    width = (page.viewport_size or {"width": 0})["width"]
    what = "路边的井盖没了" if width == 390 else "楼道里堆满了杂物"  # the same twice would be one case
    phone = Phone.follows(page, f"举报人{width}")
    phone.says(f"我要举报,{what}").sees("在哪里")
    phone.sends_photos(PNG, PNG + b"2").sees("照片收到了")
    phone.sends_place("样例区中心广场").sees("位置收到了", "什么时候看到的")
    phone.says("昨天下午").sees("留个电话")
    phone.says("匿名").sees(what, "位置:已收到", "照片、视频等:2 份")
    phone.taps("对,提交").sees("登记好了,编号 YJ")
    found = re.search(r"YJ\d{8}-\d{4}", phone.text)
    assert found
    phone.chooses("公众服务", "我的进度").sees(found[0])
    assert found[0] in office.command("cases", "list")


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_every_query_is_answered_to_what_is_typed(page: Page) -> None:
    phone = Phone.follows(page, "打字者")
    phone.says("查一下沪A12345有没有违章").sees("沪A·**345 是小型汽车吗")
    phone.says("是的").sees("发动机号的后六位")
    phone.says("123456").sees("记 6 分", "样例区交警支队", *SOURCE)
    phone.says("查一下猪肉的追溯码").sees("20 位追溯码")
    phone.says("31010212345678901234").sees("【召回", "养殖种植", *SOURCE)
    for question, word in (
        ("现在有没有预警", "暴雨橙色"),
        ("最近哪里地震了", "样例地震台网"),
        ("台风到哪了", "typhoon.nmc.cn"),
        ("人民路小学附近哪里有避难场所", "离人民路小学最近的避难场所"),
        ("停水了打哪个电话", "样例区供水服务中心"),
        ("电工证复审要带什么材料", "12 号窗口"),
        ("明天学校停课吗", "停课"),
    ):
        phone.says(question).sees(word, *SOURCE)


@pytest.mark.parametrize("page", [390], indirect=True)
def test_every_query_can_be_tapped_on_a_phone(page: Page) -> None:
    phone = Phone.follows(page, "点击者")
    phone.chooses("应急查询", "预警信息").sees("暴雨橙色", *SOURCE)
    phone.taps("最近的消息").sees("样例区部署强降雨防范工作", *SOURCE)
    phone.chooses("应急查询", "避难场所").sees("您在哪里")
    phone.sends_place("样例区人民路小学").sees("人民路小学避难场所", "直线约 10 米", *SOURCE)
    phone.chooses("应急查询", "违章查询").sees("请发车牌号")
    phone.says("沪A12345").sees("是小型汽车吗").taps("小型汽车").sees("发动机号的后六位")
    phone.says("123456").sees("记 6 分", *SOURCE)
    phone.chooses("应急查询", "食品追溯").sees("肉菜小票").taps("肉菜小票").sees("20 位追溯码")
    phone.says("31010212345678901235").sees("青菜", *SOURCE)
    phone.chooses("应急查询", "热线电话").sees("12345")
    phone.chooses("公众服务", "网上办事").sees("12345")


@pytest.mark.parametrize("page", [390], indirect=True)
def test_a_back_end_that_has_died_costs_no_answer_of_hers(page: Page, backend: RunningBackend) -> None:
    phone = Phone.follows(page, "再来者")
    phone.says("查沪A12345的违章").sees("是小型汽车吗")
    phone.says("是的").sees("发动机号的后六位")
    backend.kill()
    phone.says("123456").sees("现在查不到", "交管12123")
    phone.says("流鼻血怎么止").sees("捏")
    backend.start()
    phone.says("再试一次").sees("记 6 分", *SOURCE)
