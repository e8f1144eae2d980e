"""The log only grows: the database itself refuses to change or delete an event, a seal or a record of a read."""

from django.db import migrations

TABLES = ("infra_event", "infra_eventseal", "infra_readrecord")

CREATE = """
CREATE FUNCTION infra_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Nhật ký % chỉ được ghi thêm, không được sửa hay xóa.', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
""" + "".join(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
    f" FOR EACH ROW EXECUTE FUNCTION infra_refuse_change();\n"
    for table in TABLES
)

DROP = "DROP FUNCTION infra_refuse_change() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("infra", "0001_events")]

    operations = [migrations.RunSQL(CREATE, DROP)]
