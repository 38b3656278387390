from __future__ import annotations

import re
from pathlib import Path

import frontmatter
import pytest
import yaml

from tests.unit.safety.conftest import DATA
from xiaoxiao.errors import ConfigurationError
from xiaoxiao.safety.answers import Answers, FixedAnswer, read_answer
from xiaoxiao.safety.detector import KINDS, Danger, Detector
from xiaoxiao.store.conversation import Button

FILES = sorted((DATA / "safety").glob("*.md"))
NATIONAL = {
    "110",
    "119",
    "120",
    "122",
    "12110",
    "12122",
    "12345",
    "12355",
    "12356",
    "95598",
    "96110",
    "12395",
    "12338",
}
LOCAL = set(yaml.safe_load((DATA.parent / "persona.yml").read_text(encoding="utf-8"))["hotlines"])


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def fixed(request: pytest.FixtureRequest) -> FixedAnswer:
    return read_answer(request.param)


def text_of(fixed: FixedAnswer) -> str:
    return f"{fixed.body}\n{fixed.question}"


def test_every_kind_has_an_answer(answers: Answers) -> None:
    assert set(KINDS) == {kind for kind, variant in answers.all if not variant}


def test_every_variant_the_words_name_has_an_answer(answers: Answers, detector: Detector) -> None:
    assert set(answers.all) == detector.variants


def test_the_number_comes_first(fixed: FixedAnswer) -> None:
    start = text_of(fixed)[:120] if fixed.handover else text_of(fixed)[:60]
    assert fixed.hotlines[0] in start


def test_every_number_shown_is_known_and_listed_ones_are_shown(fixed: FixedAnswer) -> None:
    shown = set(re.findall(r"(?<!\d)(?:1[12]\d|12\d{3}|9\d{4})(?!\d)", fixed.body))
    assert set() == shown - NATIONAL
    assert set() == {key for key in fixed.hotlines if key.isdigit()} - shown
    assert set() == set(fixed.hotlines) - NATIONAL - LOCAL


def test_it_fits_one_screen_and_one_passive_reply(fixed: FixedAnswer) -> None:
    assert len(text_of(fixed)) <= 300
    buttons = "\n".join(button.title + button.payload for button in fixed.buttons)
    assert len((text_of(fixed) + buttons).encode()) <= 2000


def test_it_asks_one_short_question_with_two_or_three_buttons(fixed: FixedAnswer) -> None:
    assert fixed.question.endswith("?")
    assert 2 <= len(fixed.buttons) <= 3
    assert all(len(button.title) <= 12 for button in fixed.buttons)
    assert not any(button.payload.startswith("/") for button in fixed.buttons)


def test_no_button_leads_back_to_the_same_answer(fixed: FixedAnswer, detector: Detector) -> None:
    for button in fixed.buttons:
        danger = detector.detect(button.payload)
        assert danger is None or (danger.kind, danger.variant) != (fixed.kind, fixed.variant)


def test_it_names_a_source_and_no_reviewer_is_made_up(fixed: FixedAnswer) -> None:
    assert fixed.sources
    assert fixed.reviewed_by is None


@pytest.mark.parametrize("kind", ["suicide", "minor_crisis"])
def test_a_life_in_despair_is_handed_to_a_person(answers: Answers, kind: str) -> None:
    everyone = [fixed for (k, _), fixed in answers.all.items() if k == kind]
    assert all(answers.handover(Danger(kind, fixed.variant, ())) for fixed in everyone)
    assert all({"110", "12356"} <= set(re.findall(r"\d+", fixed.body)) for fixed in everyone)


def test_suicide_answers_preach_nothing_and_promise_no_secrecy(answers: Answers) -> None:
    for (kind, _), fixed in answers.all.items():
        if kind == "suicide":
            assert not re.search("坚强|想开点|想想你|别傻|替你保密|割|跳|烧炭|剂量", fixed.body)
            assert "120" in fixed.body


@pytest.mark.parametrize(
    ("name", "must"),
    [
        ("drowning_taken_out", "不要控水"),
        ("drowning_taken_out", "先吹2–5口"),
        ("drowning_car", "降侧窗"),
        ("drowning_car", "深水车会沉"),
        ("traffic_highway", "护栏外"),
        ("poisoning", "不自己催吐"),
        ("poisoning_co", "别进去"),
        ("gas", "到户外远处再打"),
        ("fire_gas", "不要扑灭"),
        ("fire_smoke", "没窗的卫生间"),
        ("electric_wire", "20米"),
        ("other_snake", "不捆扎"),
        ("other_heat", "不等体温计"),
        ("other_burn", "冲20分钟"),
        ("bleeding", "不自行松开"),
        ("choking_infant", "不压肚子"),
        ("missing_child", "不用等24小时"),
        ("trapped_confined", "千万别下去"),
    ],
)
def test_the_facts_that_would_kill_when_wrong(name: str, must: str) -> None:
    assert must in read_answer(DATA / "safety" / f"{name}.md").body


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_answer_teaches_a_known_error(path: Path) -> None:
    body = path.read_text(encoding="utf-8")
    assert not re.search("头枕|湿毛巾|掐人中(?!。)|阿司匹林|硝酸甘油|倒立|等水灌满再|止血带.{0,6}每", body)


def test_a_local_number_is_shown_when_the_office_has_one() -> None:
    danger = Danger("gas", "", ())
    without = Answers.load(DATA / "safety", {"gas_company": ""}).answer(danger).text
    with_number = Answers.load(DATA / "safety", {"gas_company": "燃气公司抢修 88881234"}).answer(danger).text
    assert "88881234" not in without
    assert "燃气公司抢修 88881234" in with_number


def test_an_unknown_variant_gets_the_answer_of_its_kind(answers: Answers) -> None:
    assert answers.answer(Danger("fire", "", ())) == answers.answer(Danger("fire", "no_such", ()))


def test_buttons_say_plain_text(answers: Answers) -> None:
    answer = answers.answer(Danger("fire", "", ()))
    assert (answer.buttons[0].title, answer.buttons[0].payload) == ("有烟,出不去", "打开门全是烟")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"question": None}, "写得不对"),
        ({"kind": "fires"}, "kind 不在危险种类里"),
        ({"variant": "smoke"}, r"应该叫 fire_smoke\.md"),
        ({"hotlines": ["12395"]}, "没有它的号码 12395"),
        ({"card": ...}, "缺少 card"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, change: dict[str, object], said: str) -> None:
    post = frontmatter.load(str(DATA / "safety" / "fire.md"))
    post.metadata.update(change)
    post.metadata = {key: value for key, value in post.metadata.items() if value is not ...}
    (tmp_path / "fire.md").write_text(frontmatter.dumps(post), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said):
        read_answer(tmp_path / "fire.md")


def test_broken_front_matter_is_named(tmp_path: Path) -> None:
    (tmp_path / "fire.md").write_text("---\nkind: [\n---\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"fire\.md"):
        read_answer(tmp_path / "fire.md")


def test_a_missing_kind_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"fire\.md"):
        Answers.load(tmp_path)


def test_thoughts_of_suicide_hear_thanks_then_the_question_then_12356_before_120_and_110() -> None:
    body = read_answer(DATA / "safety" / "suicide.md").body
    order = [
        body.index(part) for part in ("谢谢你告诉我", "你现在安全吗?身边有人吗?", "12356", "120", "请同事来")
    ]
    assert sorted(order) == order


@pytest.mark.parametrize("kind", ["suicide", "minor_crisis"])
def test_no_button_puts_a_place_or_a_method_into_her_mouth(answers: Answers, kind: str) -> None:
    said = [b.payload for (k, _), fixed in answers.all.items() if k == kind for b in fixed.buttons]
    assert not [text for text in said if re.search("天台|楼|河|桥|药|刀|房间|厕所", text)]


def test_who_says_she_is_not_safe_is_told_what_to_do_now(detector: Detector) -> None:
    danger = detector.detect("我现在不安全,想伤害自己")
    assert danger is not None
    assert ("suicide", "acting") == (danger.kind, danger.variant)


def test_it_goes_on_with_the_card_and_the_offer_of_a_person() -> None:
    card, person = Button("闻到燃气味怎么办", "/faq/gas_leak"), Button("找工作人员", "/request_human")
    answers = Answers.load(DATA / "safety", cards={"gas_leak": card}, person=(person,))
    assert (card, person) == answers.answer(Danger("gas", "", ())).buttons[-2:]


def test_no_person_is_offered_where_one_is_on_the_way() -> None:
    person = Button("找工作人员", "/request_human")
    answers = Answers.load(DATA / "safety", person=(person,))
    assert person not in answers.answer(Danger("suicide", "", ())).buttons
