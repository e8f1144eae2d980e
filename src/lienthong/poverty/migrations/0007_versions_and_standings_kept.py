"""A version of a form is followed, never edited; a class that was held keeps its household, class and first day."""

from django.db import migrations

CREATE = """
CREATE FUNCTION poverty_keep_form_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.xml <> OLD.xml OR NEW.md5 <> OLD.md5 OR NEW.form_id <> OLD.form_id
        OR NEW.version <> OLD.version OR NEW.standard_id <> OLD.standard_id THEN
        RAISE EXCEPTION 'Phiên bản phiếu đã phát hành không được sửa hay xóa; hãy phát hành phiên bản mới.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER poverty_formversion_kept BEFORE UPDATE OR DELETE ON poverty_formversion
    FOR EACH ROW EXECUTE FUNCTION poverty_keep_form_version();
CREATE FUNCTION poverty_keep_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.household_id <> OLD.household_id OR NEW.household_class <> OLD.household_class
        OR NEW.valid_from <> OLD.valid_from OR NEW.decision_id IS DISTINCT FROM OLD.decision_id THEN
        RAISE EXCEPTION 'Phân loại hộ đã ghi chỉ được kết thúc, không được sửa.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER poverty_householdstanding_kept BEFORE UPDATE ON poverty_householdstanding
    FOR EACH ROW EXECUTE FUNCTION poverty_keep_standing();
"""

DROP = "DROP FUNCTION poverty_keep_form_version() CASCADE;\nDROP FUNCTION poverty_keep_standing() CASCADE;\n"


class Migration(migrations.Migration):
    dependencies = [("poverty", "0006_submissions_of_a_commune")]

    operations = [migrations.RunSQL(CREATE, DROP)]
