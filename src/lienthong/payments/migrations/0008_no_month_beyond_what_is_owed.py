"""Lines that begin to hold money of a month never come to more than is owed for it, whoever writes them and in whatever run."""

import hashlib

from django.db import migrations

# The lock that services hold under this name: of two who write at once, the second one sees the lines of the first.
LOCK = int.from_bytes(hashlib.sha256(b"payments-answers").digest()[:8], "big", signed=True)
MONTH = "source, person_id, benefit, for_month, matter"

CREATE = f"""
CREATE FUNCTION payments_refuse_beyond_owed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    beyond record;
BEGIN
    PERFORM pg_advisory_xact_lock({LOCK});
    WITH written AS (SELECT DISTINCT {MONTH} FROM fresh WHERE is_live),
    settled AS (
        SELECT {MONTH}, sum(amount) AS amount FROM payments_overpayment WHERE state = 'settled' GROUP BY {MONTH}
    ),
    held AS (
        SELECT {MONTH}, sum(line.amount) AS amount, min(line.owed) AS owed
        FROM written JOIN payments_paymentline AS line USING ({MONTH}) WHERE line.is_live GROUP BY {MONTH}
    )
    SELECT held.person_id, held.benefit, held.for_month, held.amount, held.owed + coalesce(settled.amount, 0) AS owed INTO beyond
    FROM held LEFT JOIN settled USING ({MONTH}) WHERE held.amount > held.owed + coalesce(settled.amount, 0) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Người số %, khoản %, tháng %: các đợt chi % đồng, phải chi % đồng.', beyond.person_id, beyond.benefit,
            to_char(beyond.for_month, 'MM/YYYY'), beyond.amount, beyond.owed
            USING ERRCODE = 'check_violation', TABLE = 'payments_paymentline', CONSTRAINT = 'payment_line_within_owed';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER payments_paymentline_within_owed AFTER INSERT ON payments_paymentline REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_beyond_owed();
-- What was held back or cancelled never holds money again, and nothing waits to be sent a second time: that is a new line.
CREATE TRIGGER payments_paymentline_not_revived BEFORE UPDATE OF state ON payments_paymentline
    FOR EACH ROW WHEN (
        (OLD.state IN ('held', 'cancelled') AND NEW.state NOT IN ('held', 'cancelled'))
        OR (NEW.state = 'planned' AND OLD.state <> 'planned')
    ) EXECUTE FUNCTION infra_refuse_change();
-- What a later run has looked at stays looked at, unless that run is cancelled when all is done; a line that was looked at cannot turn
-- out to be paid (payment_line_resumed_is_not_live).
CREATE FUNCTION payments_refuse_resumed_twice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.resumed_by_id IS NOT NULL
        OR NOT EXISTS (SELECT 1 FROM payments_paymentrun WHERE id = OLD.resumed_by_id AND state = 'cancelled') THEN
        RAISE EXCEPTION 'Khoản chi số % đã được đợt số % xét lại.', OLD.id, OLD.resumed_by_id
            USING ERRCODE = 'check_violation', TABLE = 'payments_paymentline', CONSTRAINT = 'payment_line_resumed_once';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER payments_paymentline_resumed_once AFTER UPDATE OF resumed_by_id ON payments_paymentline
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.resumed_by_id IS NOT NULL AND NEW.resumed_by_id IS DISTINCT FROM OLD.resumed_by_id)
    EXECUTE FUNCTION payments_refuse_resumed_twice();
"""  # noqa: S608 -- names are ours
# What a cancelled run had looked at waits again, where nothing was paid for it since.
WAITS_AGAIN = """
UPDATE payments_paymentline AS line SET resumed_by_id = NULL
FROM payments_paymentrun AS run
WHERE run.id = line.resumed_by_id AND run.state = 'cancelled' AND NOT EXISTS (
    SELECT 1 FROM payments_paymentline AS other WHERE other.is_live
    AND (other.source, other.person_id, other.benefit, other.for_month, other.matter)
        = (line.source, line.person_id, line.benefit, line.for_month, line.matter)
)
"""
DROP = """
DROP TRIGGER payments_paymentline_resumed_once ON payments_paymentline;
DROP TRIGGER payments_paymentline_not_revived ON payments_paymentline;
DROP TRIGGER payments_paymentline_within_owed ON payments_paymentline;
DROP FUNCTION payments_refuse_resumed_twice();
DROP FUNCTION payments_refuse_beyond_owed();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_organisations_are_paid")]

    operations = [migrations.RunSQL(WAITS_AGAIN, migrations.RunSQL.noop), migrations.RunSQL(CREATE, DROP)]
