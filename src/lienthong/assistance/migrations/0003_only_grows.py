"""A rate, a dated fact and a decided proposal are followed, never edited or deleted."""

from django.db import migrations

NEVER_DELETED = (
    "assistance_circumstance",
    "assistance_disabilitycertificate",
    "assistance_meritclaim",
    "assistance_entitlement",
    "assistance_entitlementrate",
    "assistance_proposal",
    "assistance_recovery",
    "assistance_takeover",
)
# What of a row may still change once it is written.
MAY_CHANGE = {
    "assistance_entitlementrate": ("superseded_at",),
    "assistance_circumstance": ("valid_until", "withdrawn_at"),
    "assistance_disabilitycertificate": ("valid_until", "withdrawn_at"),
    "assistance_meritclaim": ("valid_until", "withdrawn_at"),
}

CREATE = (
    "".join(
        f"CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION infra_refuse_change();\n"
        f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION infra_refuse_change();\n"
        for table in NEVER_DELETED
    )
    + """
CREATE FUNCTION assistance_keep_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - TG_ARGV IS DISTINCT FROM to_jsonb(OLD) - TG_ARGV
        OR ('superseded_at' = ANY(TG_ARGV) AND to_jsonb(OLD)->>'superseded_at' IS NOT NULL)
        OR ('withdrawn_at' = ANY(TG_ARGV) AND to_jsonb(OLD)->>'withdrawn_at' IS NOT NULL) THEN
        RAISE EXCEPTION 'Nội dung đã ghi không được sửa; hãy ghi nội dung mới thay thế.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION assistance_keep_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'pending' OR NEW.payload IS DISTINCT FROM OLD.payload OR NEW.reasons IS DISTINCT FROM OLD.reasons
        OR NEW.prepared_by_id <> OLD.prepared_by_id OR NEW.person_id <> OLD.person_id OR NEW.kind <> OLD.kind THEN
        RAISE EXCEPTION 'Đề xuất đã quyết định, hoặc nội dung đã trình, không được sửa; hãy lập đề xuất mới.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assistance_proposal_decided BEFORE UPDATE ON assistance_proposal
    FOR EACH ROW EXECUTE FUNCTION assistance_keep_decided();
"""
    + "".join(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION"
        f" assistance_keep_recorded({', '.join(repr(name) for name in names)});\n"
        for table, names in MAY_CHANGE.items()
    )
)

DROP = "".join(
    f"DROP TRIGGER {table}_never_deleted ON {table};\nDROP TRIGGER {table}_never_emptied ON {table};\n"
    for table in NEVER_DELETED
) + ("DROP FUNCTION assistance_keep_recorded() CASCADE;\nDROP FUNCTION assistance_keep_decided() CASCADE;\n")


class Migration(migrations.Migration):
    dependencies = [("assistance", "0002_entitlements"), ("infra", "0004_never_emptied_log")]

    operations = [migrations.RunSQL(CREATE, DROP)]
