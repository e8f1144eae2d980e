"""Questions about organisations. What is asked here is public: name, tax code, address, representative."""

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, IntegerField, Q, Value, When
from stdnum.vn import mst

from lienthong.kernel.text import fold
from lienthong.people.models import Organization

_LEAST_SIMILAR = 0.6
_MOST_RESULTS = 100


class OrganizationUnknown(LookupError):
    """No organisation has this tax code."""

    def __init__(self, tax_code: str) -> None:
        super().__init__(f"Chưa có tổ chức nào mang mã số thuế {tax_code}. Hãy kiểm tra mã hoặc đăng ký tổ chức mới.")


def organization_by_tax_code(tax_code: str) -> Organization:
    """Return the organisation with a tax code, as people write it.

    Raises:
        OrganizationUnknown: There is none.
    """
    code = plain_tax_code(tax_code)
    organization = Organization.objects.select_related("unit", "representative").filter(tax_code=code).first()
    if organization is None:
        raise OrganizationUnknown(code)
    return organization


def plain_tax_code(text: str) -> str:
    """Give a tax code as it is kept: ten digits, with a dash before the three digits of a branch."""
    digits = "".join(character for character in text if character not in " .-\u00a0")
    return f"{digits[:10]}-{digits[10:]}" if len(digits) == 13 else digits


def is_tax_code(text: str) -> bool:
    """Tell whether a text has the length and the check digit of a tax code."""
    return bool(mst.is_valid(plain_tax_code(text)))


def search_organizations(text: str, *, limit: int = 20) -> list[Organization]:
    """Return the organisations whose tax code or name fits, best first, with or without diacritics, with small errors."""
    key, code = fold(text), plain_tax_code(text)
    if not key:
        return []
    rank = Case(
        When(tax_code=code, then=Value(0)),
        When(name_key=key, then=Value(1)),
        When(tax_code__startswith=code, then=Value(2)),
        When(name_key__contains=key, then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    fitting = (
        Organization.objects.select_related("unit")
        .annotate(rank=rank, likeness=TrigramWordSimilarity(key, "name_key"))
        .filter(Q(tax_code__startswith=code) | Q(name_key__contains=key) | Q(likeness__gte=_LEAST_SIMILAR))
    )
    return list(fitting.order_by("rank", "-likeness", "sort_key", "pk")[: min(limit, _MOST_RESULTS)])
