from __future__ import annotations

from pathlib import Path

import pytest

from xiaoxiao.cli import COMMANDS
from xiaoxiao.errors import ConfigurationError
from xiaoxiao.settings import SETTINGS, Settings, present

ROOT = Path(__file__).parents[2]
KEY = "a" * 43
NAMES = [setting.name for setting in SETTINGS]


def test_nothing_set_is_sqlite_and_the_simulator(tmp_path: Path) -> None:
    settings = Settings.read({}, root=tmp_path)
    assert (True, False, 5005) == (settings.simulated, settings.shared_database, settings.port)


def test_the_environment_comes_before_the_file_and_the_file_before_the_default(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('# 端口\nPORT="6000"\nHOST=0.0.0.0\n', encoding="utf-8")
    settings = Settings.read({"PORT": "7000"}, root=tmp_path)
    assert (7000, "0.0.0.0", "INFO") == (settings.port, settings.host, settings.log_level)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_left_empty_has_its_default(tmp_path: Path, name: str) -> None:
    assert repr(Settings.read({}, root=tmp_path)) == repr(Settings.read({name: " "}, root=tmp_path))


@pytest.mark.parametrize(
    "environ",
    [
        {"PORT": "0"},
        {"PORT": "65536"},
        {"PORT": "5005 # 端口"},
        {"PORT": "５００５"},
        {"LOG_LEVEL": "loud"},
        {"WECHAT_TOKEN": "a-b"},
        {"WECHAT_TOKEN": "ab"},
        {"WECHAT_APP_ID": "wx1"},
        {"WECHAT_TOKEN": "abc", "WECHAT_AES_KEY": "short"},
        {"WECHAT_TOKEN": "abc", "WECHAT_AES_KEY": KEY},
        {"WECHAT_TOKEN": "abc", "WECHAT_APP_SECRET": "s"},
        {"WECHAT_TOKEN": "abc", "WECHAT_MODE": "safe"},
        {"WECHAT_TOKEN": "abc", "WECHAT_MODE": "plain"},
        {"WECHAT_CUSTOMER_SERVICE": "maybe"},
        {"XIAOXIAO_PACE": "-1"},
        {"BACKEND_URL": "data.example.gov.cn"},
        {"BACKEND_URL": "http://data.example.gov.cn/v1"},
        {"BACKEND_URL": "https://user:pass@data.example.gov.cn"},
        {"BACKEND_TOKEN": "short"},
        {"BACKEND_KINDS": "alert"},
        {"BACKEND_TIMEOUT_SECONDS": "4"},
        {"BACKEND_CACHE_SECONDS": "alerts"},
        {"BACKEND_CACHE_SECONDS": "alerts=-1"},
        {"BACKEND_CACHE_SECONDS": "violations=5"},
        {"WECHAT_FRESHNESS_SECONDS": "0"},
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, environ: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError) as problem:
        Settings.read(environ, root=tmp_path)
    assert any(name in str(problem.value) for name in NAMES)


def test_what_goes_to_the_back_end_and_how_long_answers_are_kept(tmp_path: Path) -> None:
    environ = {"BACKEND_KINDS": "alerts, news", "BACKEND_CACHE_SECONDS": "alerts=5"}
    settings = Settings.read(environ, root=tmp_path)
    assert {"alerts", "news"} == settings.backend_kinds
    assert (5, 300, 0) == tuple(settings.backend_keep[k].seconds for k in ("alerts", "news", "violations"))


@pytest.mark.parametrize("line", ["PROT=1", "export PORT=1", "PORT"])
def test_a_wrong_line_of_the_file_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="第 2 行"):
        Settings.read({}, root=tmp_path)


def test_a_file_with_a_byte_order_mark_is_read_one_in_another_encoding_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=6000\n", encoding="utf-8-sig")
    assert 6000 == Settings.read({}, root=tmp_path).port
    (tmp_path / ".env").write_text("# 端口\n", encoding="gbk")
    with pytest.raises(ConfigurationError, match="UTF-8"):
        Settings.read({}, root=tmp_path)


def test_secrets_are_never_printed(tmp_path: Path) -> None:
    environ = {"WECHAT_TOKEN": "topsecret1", "DATABASE_URL": "postgresql://u:topsecret2@h/d"}
    assert "topsecret" not in repr(Settings.read(environ, root=tmp_path))
    assert "topsecret2" in present(environ, root=tmp_path)["DATABASE_URL"]


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_described(name: str) -> None:
    assert f"| `{name}` |" in (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    assert f"#{name}=" in (ROOT / ".env.example").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [name for name, _, _ in COMMANDS])
def test_every_command_is_described(command: str) -> None:
    assert f"| `{command}` |" in (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MEDIA_STORAGE", "s3://"),
        ("MEDIA_STORAGE", "s3://Bad_Bucket"),
        ("MEDIA_STORAGE", "ftp://somewhere"),
        ("MEDIA_LIMIT_MB", "0"),
        ("MEDIA_LIMIT_MB", "1e9"),
        ("S3_ACCESS_KEY", "only-one-of-two"),
    ],
)
def test_a_storage_that_cannot_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        Settings.read({name: value})
