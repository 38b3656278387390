from __future__ import annotations

from pathlib import Path

import pytest

from xiaoxiao.errors import ConfigurationError
from xiaoxiao.knowledge.hotlines import load_hotlines
from xiaoxiao.persona import load_persona

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "data/hotlines.csv"


def test_a_citys_own_number_lies_over_the_national_table(tmp_path: Path) -> None:
    text = (ROOT / "persona.yml").read_text(encoding="utf-8")
    own = tmp_path / "persona.yml"
    own.write_text(
        text.replace('燃气公司抢修, number: ""', '城市燃气, number: "0991-1234567"'), encoding="utf-8"
    )
    hotlines = load_hotlines(TABLE, load_persona(own))
    assert hotlines["gas_company"].number == "0991-1234567"
    assert [h.number for h in hotlines.resolve(("119", "gas_company"))] == ["119", "0991-1234567"]


def test_without_a_local_number_the_key_is_left_out() -> None:
    assert [h.number for h in load_hotlines(TABLE).resolve(("119", "gas_company", "unknown"))] == ["119"]


@pytest.mark.parametrize("key", ["12379", "12381"])
def test_numbers_that_only_send_messages_are_never_shown(key: str) -> None:
    assert not load_hotlines(TABLE)[key].shown


def test_a_bad_row_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "hotlines.csv"
    bad.write_text(TABLE.read_text(encoding="utf-8").replace("24小时,yes", "24小时,ja", 1), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="第 2 行"):
        load_hotlines(bad)
