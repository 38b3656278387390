"""What was told, as it is summed up for her and handed to the office."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xiaoxiao.desk.draft import Draft
from xiaoxiao.forms.evidence import files
from xiaoxiao.forms.form import Values
from xiaoxiao.forms.happened import moment_of
from xiaoxiao.forms.said import Said
from xiaoxiao.forms.showing import Showing
from xiaoxiao.store.case import CaseType

REPORT, PETITION, GRIEVANCE = "report", "petition", "grievance"
_SHOWN = 120  #: characters of her words in the summary
_SUGGESTS = re.compile(r"建议|希望|提议|能不能(?:加|增|设|装|开)|可以考虑|意见")
_SAFE = str.maketrans("<>", "＜＞")


def shown(values: Values) -> dict[str, str]:
    what = str(values.get("what") or "").translate(_SAFE)
    evidence = files(values)
    return {
        "what": what if len(what) <= _SHOWN else f"{what[:_SHOWN]}…",
        "where": str(values.get("where") or "").translate(_SAFE),
        "when": str(values.get("when") or "").translate(_SAFE),
        "evidence": str(evidence) if evidence else "",
    }


def summed_up(showing: Showing, name: str, values: Values) -> dict[str, str]:
    """For the question whether all of it is right; `name`: of the form."""
    reach = " ".join(str(values[key]) for key in ("name", "phone") if values.get(key))
    named = values.get("contact") == "named"
    contact = reach if named else showing.text("report_anonymous")
    return {
        **shown(values),
        **named_type(showing, name, values),
        "sent": showing.text("report_sent") if values.get("sent") else "",
        "contact": contact if "contact" in values else "",
    }


def named_type(showing: Showing, name: str, values: Values) -> dict[str, str]:
    return {"type": showing.text(f"type_{type_of(name, values).value}")}


def draft_of(name: str, values: Values, said: Said) -> Draft:
    when = str(values.get("when") or "")
    return Draft(
        what=str(values.get("what") or ""),
        type=type_of(name, values),
        place=str(values.get("where") or ""),
        latitude=values.get("latitude"),
        longitude=values.get("longitude"),
        when=when,
        happened_at=moment_of(when, said.at) if when else None,
        anonymous=values.get("contact") != "named",
        name=str(values.get("name") or ""),
        phone=str(values.get("phone") or ""),
        evidence=tuple(values.get("evidence", ())),
        confirmed_by=said.message_id,
    )


def type_of(name: str, values: Mapping[str, object]) -> CaseType:
    """As she said it; else by the form and her words."""
    if told := values.get("type"):
        return CaseType(str(told))
    if name == REPORT:
        return CaseType.REPORT
    suggests = name == PETITION and _SUGGESTS.search(str(values.get("what") or ""))
    return CaseType.SUGGESTION if suggests else CaseType.COMPLAINT
