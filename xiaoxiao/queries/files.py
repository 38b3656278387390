"""Rows out of csv, xlsx and json files, as offices have them: GBK from old Excel, a title in Chinese, empty lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from xiaoxiao.errors import InvalidRequest

FILE_MAX_BYTES = 200 * 1024 * 1024
#: (number of the row as a spreadsheet shows it, heading → value)
Row = tuple[int, Mapping[str, Any]]


def read_rows(path: Path) -> Iterator[Row]:
    """Rows with at least one value, from row 2 on (the headings are row 1). InvalidRequest in a sentence."""
    readers = {".csv": _csv, ".json": _json, ".xlsx": _xlsx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InvalidRequest(f"{path.name}:只能导入 csv、json、xlsx 文件(xls 请先另存为 xlsx)。")
    if not path.is_file():
        raise InvalidRequest(f"找不到文件 {path}。")
    if path.stat().st_size > FILE_MAX_BYTES:
        raise InvalidRequest(f"{path.name} 太大(最多 {FILE_MAX_BYTES // 1024 // 1024} MB),请分成几份。")
    return ((number, row) for number, row in reader(path) if any(_filled(value) for value in row.values()))


def _filled(value: Any) -> bool:
    return value is not None and str(value).strip() != ""


def _csv(path: Path) -> Iterator[Row]:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise InvalidRequest(f"{path.name} 的编码认不出来,请另存为 UTF-8。")
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""))
    try:
        headings = [heading.strip() for heading in next(reader, [])]
        for values in reader:
            yield reader.line_num, dict(zip(headings, values, strict=False))
    except csv.Error as problem:
        raise InvalidRequest(f"{path.name} 第 {reader.line_num} 行附近不是正确的 CSV。") from problem


def _json(path: Path) -> Iterator[Row]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise InvalidRequest(f"{path.name} 不是正确的 JSON(UTF-8)。") from problem
    rows = content.get("items") if isinstance(content, dict) else content
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InvalidRequest(f'{path.name} 应是对象的列表,或 {{"items": [...]}}。')
    yield from enumerate(rows, 2)


def _xlsx(path: Path) -> Iterator[Row]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as problem:
        raise InvalidRequest(f"{path.name} 不是正确的 xlsx 文件。") from problem
    try:
        rows = book.worksheets[0].iter_rows(values_only=True) if book.worksheets else iter(())
        headings = [str(value or "").strip() for value in next(rows, ())]
        for number, values in enumerate(rows, 2):
            yield number, dict(zip(headings, values, strict=False))
    finally:
        book.close()
