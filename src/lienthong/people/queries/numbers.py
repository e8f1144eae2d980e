"""What somebody should look at in a number: as it was given, and beside what is recorded of whoever holds it."""

from lienthong.kernel.days import BirthDate, DatePrecision
from lienthong.kernel.identity import Finding, PersonalId, UnreadablePersonalId, read_personal_id
from lienthong.kernel.identity import Sex as SexOfNumber
from lienthong.people.models import Person
from lienthong.people.queries.organizations import is_tax_code
from lienthong.people.states import Sex


def doubts_about_number(number: str, *, holder: Person | None = None) -> tuple[str, ...]:
    """Say what a person should check in the number of a dossier; nothing about a right tax code or no number at all.

    Cảnh báo về số định danh. A doubt never stops anything: real numbers look odd too.

    Args:
        number: The number as it was kept.
        holder: Who is known to hold it; their sex and year of birth are compared.
    """
    if not number or is_tax_code(number):
        return ()
    try:
        personal_id = read_personal_id(number)
    except UnreadablePersonalId as unreadable:
        return (str(unreadable),)
    differing = differences_from(holder, personal_id) if holder is not None else ()
    return tuple(finding.text for finding in (*personal_id.findings, *differing))


def differences_from(person: Person, number: PersonalId) -> tuple[Finding, ...]:
    """Say where a number and what is recorded of a person differ."""
    sex = None if person.sex == Sex.UNKNOWN else SexOfNumber(person.sex)
    return number.compare_with(sex=sex, birth_date=birth_date_of(person))


def birth_date_of(person: Person) -> BirthDate | None:
    """Give what is known of the person's birth."""
    return BirthDate(person.birth_on, DatePrecision(person.birth_precision)) if person.birth_on else None
