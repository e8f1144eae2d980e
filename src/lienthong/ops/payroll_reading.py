"""What the verbs of ``./lienthong payroll`` read and say alike: months, days, quarters, amounts, people by their number."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any, Final

from django.utils import timezone

from lienthong.accounts.models import User
from lienthong.kernel.days import local_day, parse_day
from lienthong.kernel.identity import UnreadablePersonalId, read_personal_id
from lienthong.kernel.money import parse_dong
from lienthong.ops.console import say
from lienthong.ops.terminal_command import refuse
from lienthong.payments import sources
from lienthong.payments.models import Payee
from lienthong.payments.queries.accounts import PayeeNotFound, get_paid_organization, get_payee
from lienthong.people.models import Organization, Person
from lienthong.people.queries.organizations import is_tax_code, plain_tax_code

_QUARTERS: Final = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def today() -> date:
    """Return the day of the office."""
    return local_day(timezone.now())


def read_month(text: str) -> date:
    """Return the first day of a month as people write it, or refuse it."""
    found = month_of_text(text)
    if found is None:
        refuse(f"“{text}” không phải một tháng. Viết tháng/năm, ví dụ 11/2026.")
    return found


def month_of_text(text: str) -> date | None:
    """Return the first day of a month as people write it; None where it is none."""
    found = re.fullmatch(r"(0?[1-9]|1[0-2])/([12]\d{3})", text.strip())
    return date(int(found[2]), int(found[1]), 1) if found else None


def read_quarter(text: str) -> date:
    """Return the first day of a quarter as people write it, or refuse it."""
    found = re.fullmatch(r"(I|II|III|IV|[1-4])/(\d{4})", text.strip().upper())
    if found is None:
        refuse(f"“{text}” không phải một quý. Viết quý/năm, ví dụ IV/2026.")
    return date(int(found[2]), _QUARTERS[found[1]] * 3 - 2, 1)


def read_day(text: str) -> date:
    """Return a day as people write it, or refuse it."""
    try:
        return date.fromisoformat(text) if "-" in text else parse_day(text)
    except ValueError:
        refuse(f"“{text}” không phải một ngày. Viết ngày/tháng/năm, ví dụ 01/12/2026.")


def read_amount(text: str) -> int:
    """Return an amount in đồng, or refuse it."""
    try:
        return int(parse_dong(text))
    except ValueError as unreadable:
        refuse(str(unreadable))


def read_source(code: str) -> str:
    """Return the code of a programme that pays, or refuse it; nothing means all."""
    known = sources.registered()
    if code and code not in known:
        refuse(f"Không có chương trình “{code}”. Các chương trình đang chi trả: {', '.join(known)}.")
    return code


def person_of(number: str, user: User) -> Person:
    """Return the person of an identity number whose payments the user may see, or refuse."""
    try:
        wanted = read_personal_id(number).number
    except UnreadablePersonalId as unreadable:
        refuse(str(unreadable))
    found = Person.objects.filter(personal_id_number=wanted).order_by("pk").first()
    try:
        return get_payee(found.pk if found else 0, user=user, on=today())
    except PayeeNotFound:
        refuse(f"Không có người mang số {wanted} ở xã, phường bạn phụ trách. Hãy kiểm tra lại số.")


def payee_of(number: str, user: User) -> Payee:
    """Return the person of an identity number, or the organisation of a tax code, or refuse."""
    if not is_tax_code(number):
        return person_of(number, user)
    found = Organization.objects.filter(tax_code=plain_tax_code(number)).first()
    try:
        return get_paid_organization(found.pk if found else 0, user=user, on=today())
    except PayeeNotFound:
        refuse(f"Không có tổ chức mang mã số thuế {number} ở nơi bạn phụ trách. Hãy kiểm tra lại mã.")


def dong(amount: int) -> str:
    """Return an amount as the terminal says it."""
    return f"{amount:,} đồng".replace(",", ".")


def say_json(told: Any) -> None:
    """Print a result for other programmes."""
    say(json.dumps(told, ensure_ascii=False, indent=1))
