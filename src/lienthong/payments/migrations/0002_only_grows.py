"""Runs, lines, files, statements and overpayments are never deleted; what a line pays to whom is never changed."""

from django.db import migrations

NEVER_DELETED = (
    "payments_paymentrun",
    "payments_paymentline",
    "payments_paymentfile",
    "payments_statement",
    "payments_statementline",
    "payments_overpayment",
)
KEPT = (
    "run_id", "number", "source", "benefit", "person_id", "payee_id", "unit_id", "for_month", "part", "ground", "amount", "deducted",
    "words", "basis", "channel", "account_id", "bank_code", "account_number", "holder_name", "carried_from_id",
)  # fmt: skip

CREATE = "".join(
    f"CREATE TRIGGER {table}_append_only BEFORE DELETE ON {table}"
    f" FOR EACH ROW EXECUTE FUNCTION infra_refuse_change();\n"
    f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
    f" FOR EACH STATEMENT EXECUTE FUNCTION infra_refuse_change();\n"
    for table in NEVER_DELETED
) + (
    f"CREATE TRIGGER payments_paymentline_kept BEFORE UPDATE OF {', '.join(KEPT)} ON payments_paymentline"
    f" FOR EACH ROW WHEN ({' OR '.join(f'OLD.{name} IS DISTINCT FROM NEW.{name}' for name in KEPT)})"
    f" EXECUTE FUNCTION infra_refuse_change();\n"
)

DROP = (
    "".join(
        f"DROP TRIGGER {table}_append_only ON {table};\nDROP TRIGGER {table}_never_emptied ON {table};\n"
        for table in NEVER_DELETED
    )
    + "DROP TRIGGER payments_paymentline_kept ON payments_paymentline;\n"
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_payments"), ("infra", "0004_never_emptied_log")]

    operations = [migrations.RunSQL(CREATE, DROP)]
