"""Files as offices have them → records, and a report of the rest."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from xiaoxiao.clock import CHINA
from xiaoxiao.errors import InvalidRequest
from xiaoxiao.queries.alerts import Level
from xiaoxiao.queries.examination import KINDS, Rejected, examine, headings, write_report
from xiaoxiao.queries.files import read_rows
from xiaoxiao.queries.kept import VEHICLES, VIOLATIONS
from xiaoxiao.queries.kinds import ALERTS, NEWS, SHELTERS

TITLES = ["标题", "发布单位", "发布时间"]
ROW = ["要闻", "应急局", "2026-11-24 08:00"]


def written(path: Path, *rows: list[object], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def workbook(path: Path, *rows: list[object]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_of_chinese_spreadsheets(tmp_path: Path, encoding: str) -> None:
    found = examine(NEWS, read_rows(written(tmp_path / "a.csv", TITLES, ROW, encoding=encoding)))
    assert [("要闻", datetime(2026, 11, 24, 8, tzinfo=CHINA))] == [
        (n.title, n.published_at) for n in found.records
    ]


def test_xlsx_with_real_dates_numbers_and_empty_rows(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [*TITLES, "编号"],
        ["要闻", "应急局", datetime(2026, 11, 24, 8), 7.0],  # noqa: DTZ001 - a spreadsheet has no zones
        [None, "", None, None],
        ["要闻二", "应急局", "2026/11/24 9:05", 8],
    )
    found = examine(NEWS, read_rows(path))
    assert ["7", "8"] == [record.id for record in found.records]
    assert [8, 9] == [record.published_at.hour for record in found.records]


@pytest.mark.parametrize("wrapped", [True, False])
def test_json_with_english_names(tmp_path: Path, wrapped: bool) -> None:
    rows = [{"title": "要闻", "issuer": "应急局", "published_at": "2026-11-24T08:00:00+08:00"}]
    (tmp_path / "a.json").write_text(json.dumps({"items": rows} if wrapped else rows), encoding="utf-8")
    assert 1 == len(examine(NEWS, read_rows(tmp_path / "a.json")).records)


def test_each_bad_row_is_named_with_every_fault_and_never_the_value(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv",
        ["车牌号*", "号牌种类", "违法时间", "违法地点", "违法行为", "记分", "罚款(元)", "已处理", "采集机关"],
        ["沪A12345", "小型汽车", "2026-11-02 08:15", "人民路", "闯红灯", "6", "200元", "否", "交警"],
        ["沪A1234", "小型汽车", "昨天", "人民路", "闯红灯", "13", "200", "也许", "交警"],
        ["沪AD12345", "小型汽车", "2026-11-02", "人民路", "闯红灯", "6", "200", "否", "交警"],
        ["沪A12345", "02", "2026-11-02 8:15", "人民路", "闯红灯", "6", "200", "否", "交警"],
        ["", "02", "2026-11-02", "", "闯红灯", "6.5", "200", "否", "交警"],
    )
    found = examine(VIOLATIONS, read_rows(path))
    assert 1 == len(found.records)
    assert [
        (3, "车牌号"),
        (3, "违法时间"),
        (3, "记分"),
        (3, "已处理"),
        (4, "整行"),
        (5, "车牌号、号牌种类、违法时间、违法地点、违法行为"),
        (6, "车牌号"),
        (6, "违法地点"),
        (6, "记分"),
    ] == [(one.row, one.column) for one in found.rejected]
    assert "与第 2 行重复" == found.rejected[5].problem
    assert not any("1234" in one.problem for one in found.rejected)


def test_the_report_opens_in_a_spreadsheet(tmp_path: Path) -> None:
    write_report([Rejected(3, "标题", "没有填")], tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert ["行,列,问题", "3,标题,没有填"] == (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()


def test_a_missing_column_is_named_once_for_the_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="发布单位"):
        examine(NEWS, read_rows(written(tmp_path / "a.csv", ["标题", "发布时间"], ["要闻", "2026-11-24"])))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xls", b""),
        ("a.xlsx", b"no zip"),
        ("a.json", b"{"),
        ("a.json", b'{"a": 1}'),
        ("a.json", b"[1]"),
        ("a.csv", b"\xff\xff\xff"),
        ("missing.csv", None),
    ],
)
def test_what_is_no_such_file_is_refused_in_a_sentence(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidRequest):
        examine(NEWS, read_rows(tmp_path / name))


def test_exchanged_coordinates_are_noticed(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv",
        ["名称", "地址", "区县", "纬度", "经度"],
        ["广场", "路1号", "样例区", "121.0", "31.0"],
    )
    assert {"纬度", "经度"} == {one.column for one in examine(SHELTERS, read_rows(path)).rejected}


def test_an_engine_number_leaves_only_its_salted_hash(tmp_path: Path) -> None:
    rows = [["沪A12345", "小型汽车", "LFV-123456"], ["沪A12346", "小型汽车", "LFV 123456"]]
    path = written(tmp_path / "a.csv", ["车牌号", "号牌种类", "发动机号"], *rows)
    one, two = examine(VEHICLES, read_rows(path)).records
    assert one.digest != two.digest
    assert "123456" not in f"{one.digest}{one.salt}{one!r}"


@pytest.mark.parametrize("word", ["橙色", "橙", "橙色预警", "orange", "Ⅱ级", "二级"])
def test_colours_in_the_words_of_the_field(word: str) -> None:
    row = {"title": "预警", "issuer": "气象台", "issued_at": "2026年11月24日8时30分", "level": word}
    alert = ALERTS.read(row)
    assert (Level.ORANGE, 30) == (alert.level, alert.issued_at.minute)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_has_a_sample_with_its_own_headings(name: str) -> None:
    path = Path(__file__).parents[3] / "sample" / f"{name}.csv"
    first = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    assert set(first) <= {heading for column in KINDS[name].columns for heading in column.headings}
    assert [heading for heading in first if heading in headings(KINDS[name])]


@pytest.mark.parametrize("name", KINDS)
def test_every_column_is_described(name: str) -> None:
    guide = (Path(__file__).parents[3] / "docs/howto/backends.md").read_text(encoding="utf-8")
    (line,) = (line for line in guide.splitlines() if line.startswith(f"| `{name}` |"))
    described = [column.strip(" *") for column in line.split("|")[3].split("、")]
    assert headings(KINDS[name]) == described
