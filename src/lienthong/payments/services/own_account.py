"""Where a citizen wants to be paid, as they declare it themselves: nothing goes there before the bank has named the holder."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.payments.holder_names import check_holder
from lienthong.payments.models import PaymentAccount
from lienthong.payments.services.accounts import AccountRefused, HolderMissing, RecordAccount, write_account
from lienthong.payments.states import NUMBERED_CHANNELS, AccountSource, NameCheck
from lienthong.people.models import Person


class NoPersonBehindAccount(AccountRefused):
    """The sign-in belongs to nobody whom the registers know."""

    def __init__(self) -> None:
        super().__init__(
            _("Tài khoản đăng nhập này chưa gắn với người nào trong sổ dân cư. Hãy hỏi Ủy ban nhân dân xã.")
        )


class HolderIsSomebodyElse(AccountRefused):
    """Money is paid to the person, or by a decision to somebody who receives it for them; not to another's account."""

    def __init__(self, name: str) -> None:
        words = _(
            "Tài khoản phải đứng tên %(name)s. Muốn người khác nhận thay, hãy đến xã làm ủy quyền hoặc giám hộ, mang theo căn cước của cả hai."
        )
        super().__init__(words % {"name": name})


@transaction.atomic
def declare_own_account(command: RecordAccount, *, acting_user: User, now: datetime) -> PaymentAccount:
    """Record where the person who is signed in wants to be paid.

    Người hưởng tự khai nơi nhận tiền. The name that they type is compared with their own at once, but does not vouch for the
    account: until an officer has written down the holder as the bank tells it, money for it is held back.

    Args:
        command: The account; person and source are the citizen's own whatever it says.
        acting_user: The citizen.
        now: When.

    Raises:
        NoPersonBehindAccount: The registers do not know who is signed in.
        HolderMissing: No holder is named.
        HolderIsSomebodyElse: The holder is another person.
        AccountRefused: As ``record_account``.
    """
    person = Person.objects.filter(pk=acting_user.person_id).first() if acting_user.person_id else None
    if person is None:
        raise NoPersonBehindAccount
    asked = replace(command, person_id=person.pk, source=AccountSource.DECLARED)
    if asked.channel in NUMBERED_CHANNELS:
        if not asked.holder_name.strip():
            raise HolderMissing
        if check_holder(asked.holder_name, person.full_name) not in {NameCheck.SAME, NameCheck.SIMILAR}:
            raise HolderIsSomebodyElse(person.full_name)
        asked = replace(asked, holder_name="")
    return write_account(person, asked, acting_user=acting_user, now=now)
