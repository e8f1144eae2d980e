"""Communes that become another on a day, with the committee of the new one."""

from __future__ import annotations

from datetime import date

from lienthong.units.models import AdministrativeUnit, Agency, UnitChange, UnitSuccession
from lienthong.units.states import Share
from tests.factories.units import AdministrativeUnitFactory, AgencyFactory

HEIR = "H99.99001"


def merge(*units: AdministrativeUnit, on: date, code: str = "99001", name: str = "Xã Hợp Nhất") -> AdministrativeUnit:
    """Let communes end and one new commune begin, with its committee."""
    heir = AdministrativeUnitFactory(code=code, name=name, parent=units[0].parent, valid_from=on)
    _end(units, [heir], on=on, share=Share.WHOLE)
    AgencyFactory(committee=True, unit=heir, valid_from=on)
    return heir


def divide(unit: AdministrativeUnit, *, on: date) -> tuple[AdministrativeUnit, AdministrativeUnit]:
    """Let a commune end and two new ones begin on its land."""
    first, second = (
        AdministrativeUnitFactory(code=code, name=name, parent=unit.parent, valid_from=on)
        for code, name in (("99001", "Xã Phía Đông"), ("99002", "Xã Phía Tây"))
    )
    _end([unit], [first, second], on=on, share=Share.PART)
    for one in (first, second):
        AgencyFactory(committee=True, unit=one, valid_from=on)
    return first, second


def _end(
    units: list[AdministrativeUnit] | tuple[AdministrativeUnit, ...],
    heirs: list[AdministrativeUnit],
    *,
    on: date,
    share: Share,
) -> None:
    change = UnitChange.objects.create(
        code=f"change-{on}-{heirs[0].code}", on=on, instrument="Nghị quyết", title="Sắp xếp"
    )
    for unit in units:
        unit.valid_until = on
        unit.save(update_fields=["valid_until"])
        Agency.objects.filter(unit=unit).update(valid_until=on)
        for heir in heirs:
            UnitSuccession.objects.create(change=change, predecessor=unit, successor=heir, share=share)
