"""What was judged and what came back is only ever added to; a verdict is never deleted, and none of these is emptied."""

from django.db import migrations

ADDED_ONLY = ("verification_exchangerow", "verification_judgement")
NEVER_DELETED = ("verification_verdict",)

CREATE = "".join(
    f"CREATE TRIGGER {table}_append_only BEFORE {change} ON {table}"
    f" FOR EACH ROW EXECUTE FUNCTION infra_refuse_change();\n"
    f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
    f" FOR EACH STATEMENT EXECUTE FUNCTION infra_refuse_change();\n"
    for tables, change in ((ADDED_ONLY, "UPDATE OR DELETE"), (NEVER_DELETED, "DELETE"))
    for table in tables
)

DROP = "".join(
    f"DROP TRIGGER {table}_append_only ON {table};\nDROP TRIGGER {table}_never_emptied ON {table};\n"
    for table in (*ADDED_ONLY, *NEVER_DELETED)
)


class Migration(migrations.Migration):
    dependencies = [("verification", "0001_verification"), ("infra", "0004_never_emptied_log")]

    operations = [migrations.RunSQL(CREATE, DROP)]
