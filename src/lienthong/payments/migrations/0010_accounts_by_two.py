"""A number that somebody recorded is vouched for by somebody else; one that waits stands beside the one it is to follow."""

import django.contrib.postgres.constraints
from django.conf import settings
from django.db import migrations, models

import lienthong.units.models

# What one person both recorded and verified: of a list, whoever loaded it had recorded it; what the bank has paid, the bank vouches
# for; the rest waits for a second person.
BY_TWO = """
UPDATE payments_paymentaccount AS account SET recorded_by_id = held.loaded_by_id
FROM infra_event AS event, payments_accountimport AS held
WHERE event.stream = 'payment-account:' || account.id AND event.name = 'AccountRecorded'
    AND held.id = (event.payload ->> 'import_id')::bigint AND account.verified_by_id = account.recorded_by_id
    AND held.loaded_by_id IS DISTINCT FROM account.verified_by_id AND held.loaded_by_id IS DISTINCT FROM account.confirmed_by_id;
UPDATE payments_paymentaccount AS account SET verified_by_id = NULL
WHERE channel IN ('bank', 'wallet', 'mobile_money') AND verified_by_id = recorded_by_id
    AND EXISTS (SELECT FROM payments_paymentline AS line WHERE line.account_id = account.id AND line.state = 'paid');
UPDATE payments_paymentaccount SET verified_by_id = NULL, verified_at = NULL
WHERE channel IN ('bank', 'wallet', 'mobile_money') AND verified_by_id = recorded_by_id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
PAYABLE = models.Q(
    models.Q(("name_check", "same"), ("verified_at__isnull", False)),
    models.Q(("confirmed_at__isnull", False), ("name_check", "similar")),
    _connector="OR",
)


class Migration(migrations.Migration):
    dependencies = [
        ("infra", "0001_events"),
        ("payments", "0009_organisations_in_account_files"),
        ("people", "0001_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(BY_TWO, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="paymentaccount", name="payment_account_once_a_day"),
        migrations.RemoveConstraint(model_name="paymentaccount", name="payment_account_of_organization_once_a_day"),
        migrations.AddConstraint(
            model_name="paymentaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel__in", ("bank", "wallet", "mobile_money")), _negated=True),
                    ("verified_by", None),
                    ("recorded_by", None),
                    models.Q(("verified_by", models.F("recorded_by")), _negated=True),
                    _connector="OR",
                ),
                name="payment_account_verified_by_another",
                violation_error_message="Số tài khoản phải do người khác người ghi xác minh.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentaccount",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=PAYABLE,
                expressions=[("person", "="), (lienthong.units.models.ValidSpan(), "&&")],
                name="payment_account_once_a_day",
                violation_error_message="Mỗi ngày một người chỉ nhận tiền ở một nơi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentaccount",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("organization__isnull", False), PAYABLE),
                expressions=[("organization", "="), (lienthong.units.models.ValidSpan(), "&&")],
                name="payment_account_of_organization_once_a_day",
                violation_error_message="Mỗi ngày một tổ chức chỉ nhận tiền ở một nơi.",
            ),
        ),
    ]
