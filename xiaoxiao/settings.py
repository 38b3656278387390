"""Settings: one list, read from the environment (and .env) once, at the edge."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from xiaoxiao.errors import ConfigurationError


class Secret:
    """A value that prints as asterisks and is turned to text only where it is used."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret('**********')"

    __str__ = __repr__


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    help: str
    secret: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting("WECHAT_TOKEN", "", "公众号后台「服务器配置」里的 Token;不设则用模拟器", secret=True),
    Setting("WECHAT_APP_ID", "", "公众号的 AppID"),
    Setting("WECHAT_APP_SECRET", "", "公众号的 AppSecret;没有它就不能调用接口(菜单、客服消息)", secret=True),
    Setting("WECHAT_AES_KEY", "", "消息加解密密钥 EncodingAESKey(43 位);安全模式需要", secret=True),
    Setting("WECHAT_AES_KEY_PREVIOUS", "", "换密钥期间的上一个 EncodingAESKey", secret=True),
    Setting("WECHAT_MODE", "", "留空:明文、兼容、安全模式都接受;safe:只接受加密消息(建议)"),
    Setting("WECHAT_FRESHNESS_SECONDS", "300", "签名时间戳与本机时钟最多相差几秒"),
    Setting("WECHAT_API_BASE", "https://api.weixin.qq.com", "微信接口地址"),
    Setting("WECHAT_CUSTOMER_SERVICE", "auto", "客服消息权限:auto(按错误码判断)、yes、no"),
    Setting(
        "DATABASE_URL", "sqlite:///var/xiaoxiao.db", "数据库:sqlite:///文件 或 postgresql://…", secret=True
    ),
    Setting(
        "BACKEND_URL", "", "单位自己的数据后端地址,如 https://data.example.gov.cn/v1;不设则用本机导入的数据"
    ),
    Setting("BACKEND_TOKEN", "", "数据后端的访问令牌(Bearer),至少 16 位", secret=True),
    Setting("BACKEND_KINDS", "", "哪些数据向后端要,其余用本机导入的,如 alerts,quakes;不设则全部"),
    Setting("BACKEND_TIMEOUT_SECONDS", "3", "一次查询(连同重试)最多等几秒,1 到 3"),
    Setting("BACKEND_CACHE_SECONDS", "", "各类回答留用几秒,如 alerts=30,news=300;不设用默认值,违章从不留用"),
    Setting("REDIS_URL", "", "Redis 地址;多个对话进程时需要", secret=True),
    Setting("MEDIA_STORAGE", "var/media", "照片、视频、语音存哪里:文件夹,或 s3://桶/前缀"),
    Setting("MEDIA_LIMIT_MB", "20", "单个文件最大多少 MB,更大的不收"),
    Setting("S3_ENDPOINT", "", "对象存储地址(阿里云 OSS、腾讯云 COS、MinIO);留空用 AWS"),
    Setting("S3_REGION", "", "对象存储的地域"),
    Setting("S3_ACCESS_KEY", "", "对象存储的 Access Key;留空用本机角色", secret=True),
    Setting("S3_SECRET_KEY", "", "对象存储的 Secret Key", secret=True),
    Setting("HOST", "127.0.0.1", "监听地址;放在反向代理后面时保持不变"),
    Setting("PORT", "5005", "监听端口"),
    Setting("XIAOXIAO_MODEL", "models", "模型文件或模型目录(取最新的)"),
    Setting("XIAOXIAO_RECOGNISER", "", "语音识别插件的类路径,例如 mypackage.asr.Recogniser"),
    Setting("XIAOXIAO_PACE", "120", "每个市民每分钟最多回答几条;0 不限。危险消息从不受限"),
    Setting("LOG_LEVEL", "INFO", "日志级别:DEBUG、INFO、WARNING、ERROR"),
)

#: kinds of queries a back end may answer, and for how many seconds an answer is kept unless it is set otherwise.
#: Violations are one person's: never kept.
BACKEND_KINDS: Mapping[str, int] = {
    "violations": 0,
    "food": 300,
    "alerts": 30,
    "quakes": 60,
    "typhoons": 120,
    "shelters": 300,
    "bureaus": 3600,
    "entries": 3600,
    "suspensions": 60,
    "news": 300,
}


@dataclass(frozen=True)
class Settings:
    wechat_token: Secret
    wechat_app_id: str
    wechat_app_secret: Secret
    wechat_aes_key: Secret
    wechat_aes_key_previous: Secret
    wechat_mode: str
    wechat_freshness_seconds: int
    wechat_api_base: str
    wechat_customer_service: str
    database_url: Secret
    backend_url: str
    backend_token: Secret
    backend_kinds: frozenset[str]  #: empty: all of BACKEND_KINDS
    backend_timeout: timedelta
    backend_keep: Mapping[str, timedelta]  #: how long answers of each kind are kept
    redis_url: Secret
    media_storage: str
    media_limit_mb: int
    s3_endpoint: str
    s3_region: str
    s3_access_key: Secret
    s3_secret_key: Secret
    host: str
    port: int
    model: Path
    recogniser: str
    pace: int
    log_level: str

    @property
    def simulated(self) -> bool:
        """No real account is configured: the simulator stands in for WeChat."""
        return not self.wechat_token

    @property
    def on_simulator(self) -> bool:
        """No real account, also once the simulator's own is filled in: nothing said here reaches a citizen."""
        return self.simulated or bool(
            re.fullmatch(r"http://127\.0\.0\.1:\d+/simulator/api", self.wechat_api_base)
        )

    @property
    def shared_database(self) -> bool:
        """Other workers may be on the same database (PostgreSQL)."""
        return not self.database_url.reveal().startswith("sqlite")

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None, *, root: Path | None = None) -> Settings:
        """Environment first, then `.env` in the project's root, then the default. Raises ConfigurationError."""
        values = _values(os.environ if environ is None else environ, root)
        _check_wechat(values)
        return cls(
            wechat_token=Secret(values["WECHAT_TOKEN"]),
            wechat_app_id=values["WECHAT_APP_ID"],
            wechat_app_secret=Secret(values["WECHAT_APP_SECRET"]),
            wechat_aes_key=Secret(values["WECHAT_AES_KEY"]),
            wechat_aes_key_previous=Secret(values["WECHAT_AES_KEY_PREVIOUS"]),
            wechat_mode=_choice(values, "WECHAT_MODE", ("", "safe")),
            wechat_freshness_seconds=_number(values, "WECHAT_FRESHNESS_SECONDS", 1, 86_400),
            wechat_api_base=values["WECHAT_API_BASE"].rstrip("/"),
            wechat_customer_service=_choice(values, "WECHAT_CUSTOMER_SERVICE", ("auto", "yes", "no")),
            database_url=Secret(values["DATABASE_URL"]),
            backend_url=_backend_url(values),
            backend_token=_backend_token(values),
            backend_kinds=frozenset(_kinds(values, "BACKEND_KINDS")),
            backend_timeout=timedelta(seconds=_number(values, "BACKEND_TIMEOUT_SECONDS", 1, 3)),
            backend_keep=_keep(values),
            redis_url=Secret(values["REDIS_URL"]),
            media_storage=_storage(values),
            media_limit_mb=_number(values, "MEDIA_LIMIT_MB", 1, 100),
            s3_endpoint=values["S3_ENDPOINT"],
            s3_region=values["S3_REGION"],
            s3_access_key=Secret(values["S3_ACCESS_KEY"]),
            s3_secret_key=Secret(values["S3_SECRET_KEY"]),
            host=values["HOST"],
            port=_number(values, "PORT", 1, 65_535),
            model=Path(values["XIAOXIAO_MODEL"]),
            recogniser=values["XIAOXIAO_RECOGNISER"],
            pace=_number(values, "XIAOXIAO_PACE", 0, 100_000),
            log_level=_choice(values, "LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR")),
        )


def present(environ: Mapping[str, str] | None = None, *, root: Path | None = None) -> dict[str, str]:
    """Every setting as it is set now, secrets included. Raises ConfigurationError as `Settings.read` does."""
    Settings.read(environ, root=root)
    return _values(os.environ if environ is None else environ, root)


def _values(environ: Mapping[str, str], root: Path | None) -> dict[str, str]:
    from_file = _read_env_file((root or Path.cwd()) / ".env")
    given = {s.name: environ.get(s.name, from_file.get(s.name, "")).strip() for s in SETTINGS}
    return {s.name: given[s.name] or s.default for s in SETTINGS}


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    values: dict[str, str] = {}
    known = {s.name for s in SETTINGS}
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors begin a file with a byte order mark
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigurationError(f"{path} 读不了:请存成 UTF-8 编码。({problem})") from problem
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, separator, value = line.partition("=")
        if not separator or name.strip() not in known:
            raise ConfigurationError(f".env 第 {number} 行:没有名为 {name.strip()} 的设置,见 .env.example")
        values[name.strip()] = value.strip().strip("\"'")
    return values


def _check_wechat(values: Mapping[str, str]) -> None:
    others = ("WECHAT_APP_ID", "WECHAT_APP_SECRET", "WECHAT_AES_KEY")
    if not values["WECHAT_TOKEN"]:
        given = [name for name in others if values[name]]
        if given:
            raise ConfigurationError(
                f"设置了 {'、'.join(given)} 却没有 WECHAT_TOKEN:空的 Token 等于对所有人开门。"
            )
        return
    if not re.fullmatch(r"[A-Za-z0-9]{3,32}", values["WECHAT_TOKEN"]):
        raise ConfigurationError("WECHAT_TOKEN 应为 3–32 位英文字母或数字,与公众号后台填写的一致。")
    for name in ("WECHAT_AES_KEY", "WECHAT_AES_KEY_PREVIOUS"):
        if values[name] and not re.fullmatch(r"[A-Za-z0-9]{43}", values[name]):
            raise ConfigurationError(f"{name} 应为 43 位英文字母或数字(公众号后台的 EncodingAESKey)。")
    if values["WECHAT_AES_KEY"] and not values["WECHAT_APP_ID"]:
        raise ConfigurationError("设置了 WECHAT_AES_KEY 还需要 WECHAT_APP_ID,解密时要核对它。")
    if values["WECHAT_MODE"] == "safe" and not values["WECHAT_AES_KEY"]:
        raise ConfigurationError("WECHAT_MODE=safe 需要 WECHAT_AES_KEY。")
    if values["WECHAT_APP_SECRET"] and not values["WECHAT_APP_ID"]:
        raise ConfigurationError("设置了 WECHAT_APP_SECRET 还需要 WECHAT_APP_ID。")


def _storage(values: Mapping[str, str]) -> str:
    where = values["MEDIA_STORAGE"]
    if "://" in where and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^\s?#]*)?", where):
        raise ConfigurationError(f"MEDIA_STORAGE={where} 应为文件夹,或 s3://桶名/前缀。")
    if bool(values["S3_ACCESS_KEY"]) != bool(values["S3_SECRET_KEY"]):
        raise ConfigurationError("S3_ACCESS_KEY 和 S3_SECRET_KEY 要么都填,要么都不填。")
    return where


def _choice(values: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = values[name]
    if value not in allowed:
        raise ConfigurationError(f"{name}={value} 不在可选值里:{'、'.join(a or '(空)' for a in allowed)}。")
    return value


def _number(values: Mapping[str, str], name: str, least: int, most: int) -> int:
    value = values[name]
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise ConfigurationError(f"{name}={value} 应为 {least} 到 {most} 之间的整数。")
    return int(value)


def _backend_url(values: Mapping[str, str]) -> str:
    url = values["BACKEND_URL"]
    if url and not re.fullmatch(r"https?://[^\s?#@/]+(/[^\s?#@]*)?", url):
        raise ConfigurationError("BACKEND_URL 应是 https:// 开头的地址,不带账号、问号和井号。")
    if (
        url
        and urlsplit(url).scheme == "http"
        and urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1")
    ):
        raise ConfigurationError("BACKEND_URL 不在本机,应以 https:// 开头:车牌不能明文过网。")
    return url.rstrip("/")


def _backend_token(values: Mapping[str, str]) -> Secret:
    token = values["BACKEND_TOKEN"]
    if token and not re.fullmatch(r"[!-~]{16,500}", token):
        raise ConfigurationError("BACKEND_TOKEN 应为 16 到 500 位英文字母、数字或符号。")
    return Secret(token)


def _kinds(values: Mapping[str, str], name: str) -> list[str]:
    kinds = [kind.strip() for kind in values[name].split(",") if kind.strip()]
    if unknown := [kind for kind in kinds if kind not in BACKEND_KINDS]:
        raise ConfigurationError(
            f"{name} 里没有 {'、'.join(unknown)} 这一类,可用:{'、'.join(BACKEND_KINDS)}。"
        )
    return kinds


def _keep(values: Mapping[str, str]) -> Mapping[str, timedelta]:
    name = "BACKEND_CACHE_SECONDS"
    pairs = [pair.partition("=") for pair in values[name].split(",") if pair.strip()]
    given = {kind.strip(): seconds.strip() for kind, _, seconds in pairs}
    _kinds({name: ",".join(given)}, name)
    if "violations" in given:
        raise ConfigurationError(f"{name} 不能含 violations:违章记录从不留用。")
    labels = {f"{name} 的 {kind}": kind for kind in given}
    seconds = {kind: _number({label: given[kind]}, label, 0, 86_400) for label, kind in labels.items()}
    return {kind: timedelta(seconds=seconds.get(kind, usual)) for kind, usual in BACKEND_KINDS.items()}
