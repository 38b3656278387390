from __future__ import annotations

from pathlib import Path

import pytest

from connectors.wechat.menus import menu_body
from xiaoxiao.errors import ConfigurationError
from xiaoxiao.menu import Menu

ROOT = Path(__file__).parents[2]
WHOLE = """
columns:
  - name: 查询
    entries:
      - {name: 预警, key: alert, say: /query_alert}
      - {name: 官网, url: "https://example.org"}
scenes: {report: /report_hazard, 7: /find_shelter}
"""


def load(folder: Path, text: str) -> Menu:
    path = folder / "menu.yml"
    path.write_text(text, encoding="utf-8")
    return Menu.load(path)


def test_only_known_keys_and_scenes_say_something(tmp_path: Path) -> None:
    menu = load(tmp_path, WHOLE)
    assert ("/query_alert", None, None) == (menu.clicked("alert"), menu.clicked("/help"), menu.clicked(""))
    assert ("/report_hazard", "/find_shelter", None) == tuple(map(menu.scanned, ("report", "7", "/help")))


WORDS = "\nwords: {/form/news: [最新工作要闻, 有什么新闻]}"


@pytest.mark.parametrize(
    "text", ["最新工作要闻", "有什么新闻吗?", "我想看看最新工作要闻。", "请问有什么新聞"]
)
def test_words_are_typed_instead_of_a_tap(tmp_path: Path, text: str) -> None:
    assert "/form/news" == load(tmp_path, WHOLE + WORDS).typed(text)


@pytest.mark.parametrize(
    "text", ["", "看看", "最新", "看新闻说有台风", "有什么新闻可以看地震的", "/form/news"]
)
def test_other_words_are_for_the_engine(tmp_path: Path, text: str) -> None:
    assert None is load(tmp_path, WHOLE + WORDS).typed(text)


@pytest.mark.parametrize(
    "words", ["{news: [要闻]}", "{/form/news: [要闻, 要闻吗]}", "{/form/news: ['']}", "[要闻]"]
)
def test_words_that_cannot_be_are_named(tmp_path: Path, words: str) -> None:
    with pytest.raises(ConfigurationError, match=r"menu\.yml"):
        load(tmp_path, f"{WHOLE}\nwords: {words}")


def test_the_menu_describes_itself_for_wechat(tmp_path: Path) -> None:
    assert [
        {
            "name": "查询",
            "entries": [
                {"name": "预警", "type": "click", "key": "alert"},
                {"name": "官网", "type": "view", "url": "https://example.org"},
            ],
        }
    ] == load(tmp_path, WHOLE).describe()


def test_wechat_takes_the_projects_menu() -> None:
    assert 3 == len(menu_body(Menu.load(ROOT / "menu.yml").describe())["button"])


@pytest.mark.parametrize(
    "entries",
    [
        "[{name: 空}]",
        "[{name: 无话, key: a}]",
        "[{name: 两样, key: a, say: b, url: 'https://example.org'}]",
        "[{name: 一, key: a, say: b}, {name: 二, key: a, say: c}]",
        "[{name: 多, key: a, say: b, colour: red}]",
        "[一]",
    ],
)
def test_an_entry_that_leads_nowhere_stops_the_start(tmp_path: Path, entries: str) -> None:
    with pytest.raises(ConfigurationError, match=r"menu\.yml"):
        load(tmp_path, f"columns: [{{name: 查询, entries: {entries}}}]")


@pytest.mark.parametrize("text", ["", "columns:", "- a", "columns: []\nscenes: [a]", ": ["])
def test_a_broken_file_stops_the_start(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"menu\.yml"):
        load(tmp_path, text)
