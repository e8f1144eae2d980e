"""From what is owed to lines, as statements on whole tables: two hundred thousand rows never pass through Python.

``payments_owed`` and ``payments_resumed`` are temporary tables of the connection. A month is one of (source, person, benefit,
for_month, matter); the matter is empty but for what is paid once.
"""

from __future__ import annotations

from typing import Final

from lienthong.payments.states import (
    RESUMED_STATES,
    Channel,
    Ground,
    HoldReason,
    LineState,
    NameCheck,
    OverpaymentState,
)

OWED_COLUMNS: Final = (
    "source", "benefit", "person_id", "payee_id", "payee_organization_id", "unit_id", "for_month", "amount", "deduction",
    "words", "basis", "matter",
)  # fmt: skip
_RESUMED: Final = ", ".join(f"'{state.value}'" for state in RESUMED_STATES)
# ``models.PAYABLE``, of a table named account.
_PAYABLE: Final = (
    f"account.name_check = '{NameCheck.SAME}' AND account.verified_at IS NOT NULL"
    f" OR account.name_check = '{NameCheck.SIMILAR}' AND account.confirmed_at IS NOT NULL"
)

DROP: Final = "DROP TABLE IF EXISTS pg_temp.payments_owed, pg_temp.payments_resumed, pg_temp.payments_live"
CREATE: Final = """
CREATE TEMPORARY TABLE payments_owed (
    source text NOT NULL, benefit text NOT NULL, person_id bigint NOT NULL, payee_id bigint, payee_organization_id bigint,
    unit_id bigint NOT NULL, for_month date NOT NULL, amount bigint NOT NULL, deduction bigint NOT NULL, words text NOT NULL,
    basis jsonb NOT NULL, matter text NOT NULL
)
"""
TWICE: Final = """
SELECT source, benefit, person_id, for_month FROM payments_owed
GROUP BY source, benefit, person_id, for_month, matter HAVING count(*) > 1 LIMIT 1
"""
# Once every row is there: one index, and what the planner should know.
INDEX: Final = "CREATE UNIQUE INDEX ON payments_owed (person_id, for_month, source, benefit, matter)"
ANALYZE: Final = "ANALYZE payments_owed"

# Money that did not arrive, and that no later run has looked at. Read before what is live: a line that fails in between is
# counted as live here and waits for the next run.
RESUMED: Final = f"""
CREATE TEMPORARY TABLE payments_resumed AS
SELECT id, source, benefit, person_id, payee_id, payee_organization_id, unit_id, for_month, owed, words, basis, matter, state,
    carried_from_id
FROM payments_paymentline WHERE resumed_by_id IS NULL AND state IN ({_RESUMED})
"""  # noqa: S608 -- states are ours

# Between the first month and the run's own, what a source does not name is owed no more.
ADD_NOTHING_OWED: Final = f"""
INSERT INTO payments_owed
SELECT DISTINCT ON (line.person_id, line.for_month, line.source, line.benefit, line.matter)
    line.source, line.benefit, line.person_id, line.payee_id, line.payee_organization_id, line.unit_id, line.for_month, 0, 0, '',
    '{{}}'::jsonb, line.matter
FROM payments_paymentline AS line
WHERE line.for_month BETWEEN %(since)s AND %(month)s AND line.source = ANY(%(sources)s)
    AND (line.is_live OR (line.resumed_by_id IS NULL AND line.state IN ({_RESUMED})))
    AND NOT EXISTS (
        SELECT FROM payments_owed AS owed
        WHERE (owed.person_id, owed.for_month, owed.source, owed.benefit, owed.matter)
            = (line.person_id, line.for_month, line.source, line.benefit, line.matter)
    )
ORDER BY line.person_id, line.for_month, line.source, line.benefit, line.matter, line.id DESC
"""  # noqa: S608 -- states are ours

# What did not arrive is owed as it was known last, to whom the benefit is paid now; what an organisation gave care for, to it.
ADD_RESUMED: Final = """
INSERT INTO payments_owed
SELECT DISTINCT ON (line.person_id, line.for_month, line.source, line.benefit, line.matter)
    line.source, line.benefit, line.person_id,
    CASE WHEN now.person_id IS NULL OR line.payee_organization_id IS NOT NULL THEN line.payee_id ELSE now.payee_id END,
    CASE WHEN now.person_id IS NULL OR line.payee_organization_id IS NOT NULL THEN line.payee_organization_id
        ELSE now.payee_organization_id END,
    coalesce(now.unit_id, line.unit_id),
    line.for_month, line.owed, 0, line.words, line.basis, line.matter
FROM payments_resumed AS line
LEFT JOIN payments_owed AS now ON (now.person_id, now.source, now.benefit, now.matter)
    = (line.person_id, line.source, line.benefit, line.matter) AND now.for_month = %(month)s
WHERE NOT EXISTS (
    SELECT FROM payments_owed AS owed
    WHERE (owed.person_id, owed.for_month, owed.source, owed.benefit, owed.matter)
        = (line.person_id, line.for_month, line.source, line.benefit, line.matter)
)
ORDER BY line.person_id, line.for_month, line.source, line.benefit, line.matter, line.id DESC
"""

# What a commune that was absorbed owed is paid where it lies now; lines that are written keep their commune.
AT_HEIRS: Final = """
UPDATE payments_owed AS owed SET unit_id = now.unit_id
FROM unnest(%(absorbed)s::bigint[], %(heirs)s::bigint[]) AS now (absorbed, unit_id) WHERE owed.unit_id = now.absorbed
"""

NOTE_OWED: Final = """
UPDATE payments_paymentline AS line SET owed = owed.amount FROM payments_owed AS owed
WHERE (owed.person_id, owed.for_month, owed.source, owed.benefit, owed.matter)
    = (line.person_id, line.for_month, line.source, line.benefit, line.matter) AND line.owed <> owed.amount
"""

LIVE: Final = """
CREATE TEMPORARY TABLE payments_live AS
SELECT line.source, line.benefit, line.person_id, line.for_month, line.matter, sum(line.amount)::bigint AS amount,
    sum(line.deducted)::bigint AS deducted, max(line.part) AS part
FROM payments_paymentline AS line
JOIN payments_owed AS owed ON (owed.person_id, owed.for_month, owed.source, owed.benefit, owed.matter)
    = (line.person_id, line.for_month, line.source, line.benefit, line.matter)
WHERE line.is_live
GROUP BY line.source, line.benefit, line.person_id, line.for_month, line.matter
"""

# What is owed beyond what a person still has of it: what was paid and not given back when an overpayment was settled. Whoever gave it
# back, and of whom the bank then returned the payment, has less than nothing of it.
WRITE_LINES: Final = f"""
INSERT INTO payments_paymentline (
    run_id, number, source, benefit, person_id, payee_id, payee_organization_id, unit_id, for_month, part, ground, amount, deducted,
    owed, words, basis, channel, account_id, bank_code, account_number, holder_name, state, is_live, why, why_code, carried_from_id,
    resumed_by_id, paid_on, matter
)
WITH last AS (
    SELECT DISTINCT ON (source, benefit, person_id, for_month, matter) source, benefit, person_id, for_month, matter,
        CASE WHEN state = '{LineState.CANCELLED}' THEN carried_from_id ELSE id END AS carried_from_id
    FROM payments_resumed ORDER BY source, benefit, person_id, for_month, matter, id DESC
),
settled AS (
    SELECT source, benefit, person_id, for_month, matter, sum(amount)::bigint AS amount FROM payments_overpayment
    WHERE state = '{OverpaymentState.SETTLED}' GROUP BY source, benefit, person_id, for_month, matter
),
due AS (
    SELECT owed.*, owed.amount - had.amount AS due, coalesce(live.part + 1, 0) AS part, last.carried_from_id,
        greatest(0, least(owed.deduction - coalesce(live.deducted, 0), owed.amount - had.amount)) AS deducted
    FROM payments_owed AS owed
    LEFT JOIN payments_live AS live USING (source, benefit, person_id, for_month, matter)
    LEFT JOIN settled USING (source, benefit, person_id, for_month, matter)
    LEFT JOIN last USING (source, benefit, person_id, for_month, matter)
    CROSS JOIN LATERAL (SELECT coalesce(live.amount, 0) - coalesce(settled.amount, 0)) AS had (amount)
    WHERE owed.amount > had.amount
),
in_use AS (
    SELECT DISTINCT ON (person_id, organization_id) id, person_id, organization_id FROM payments_paymentaccount AS account
    WHERE valid_from <= %(day)s AND (valid_until IS NULL OR valid_until > %(day)s)
    ORDER BY person_id, organization_id, ({_PAYABLE}) DESC, id DESC
),
placed AS (
    SELECT due.*, account.id AS account_id, account.channel, account.bank_code, account.number AS account_number, account.holder_name,
        CASE
            WHEN due.due = due.deducted THEN ''
            WHEN payee.died_on <= %(day)s THEN '{HoldReason.PAYEE_DIED}'
            WHEN account.id IS NULL THEN '{HoldReason.NO_ACCOUNT}'
            WHEN account.channel IN ('{Channel.CASH}', '{Channel.POST}') THEN ''
            WHEN {_PAYABLE} THEN ''
            WHEN account.name_check = '{NameCheck.DIFFERENT}' THEN '{HoldReason.NAME_DIFFERS}'
            WHEN account.name_check = '{NameCheck.SIMILAR}' THEN '{HoldReason.NAME_UNCONFIRMED}'
            WHEN account.verified_at IS NULL THEN '{HoldReason.NOT_VERIFIED}'
            ELSE '{HoldReason.NAME_UNKNOWN}'
        END AS hold
    FROM due
    LEFT JOIN people_person AS payee ON payee.id = due.payee_id
    LEFT JOIN in_use AS of_person ON of_person.person_id = due.payee_id
    LEFT JOIN in_use AS of_organization ON of_organization.organization_id = due.payee_organization_id
    LEFT JOIN payments_paymentaccount AS account ON account.id = coalesce(of_person.id, of_organization.id)
)
SELECT %(run)s, row_number() OVER (ORDER BY source, unit_id, person_id, benefit, for_month, matter), source, benefit, person_id, payee_id,
    payee_organization_id, unit_id, for_month, part,
    CASE
        WHEN carried_from_id IS NOT NULL THEN '{Ground.CARRIED}'
        WHEN for_month < %(month)s OR part > 0 THEN '{Ground.ARREARS}'
        ELSE '{Ground.REGULAR}'
    END,
    due, deducted, amount, words, basis, coalesce(channel, CASE hold WHEN '' THEN '{Channel.CASH}' ELSE '' END), account_id,
    coalesce(bank_code, ''), coalesce(account_number, ''), coalesce(holder_name, ''),
    CASE hold WHEN '' THEN '{LineState.PLANNED}' ELSE '{LineState.HELD}' END, hold = '',
    coalesce(%(sentences)s::jsonb ->> hold, ''), hold, carried_from_id, NULL, NULL, matter
FROM placed
"""  # noqa: S608 -- states are ours

MARK_RESUMED: Final = """
UPDATE payments_paymentline AS line SET resumed_by_id = %(run)s
FROM payments_resumed AS resumed WHERE line.id = resumed.id AND NOT line.is_live
"""

# Paid or planned beyond what is owed, less what was settled before; beside it what is open already.
OVERPAID: Final = f"""
WITH settled AS (
    SELECT source, benefit, person_id, for_month, matter,
        coalesce(sum(amount) FILTER (WHERE state = '{OverpaymentState.SETTLED}'), 0)::bigint AS settled,
        max(id) FILTER (WHERE state = '{OverpaymentState.OPEN}') AS open_id,
        max(amount) FILTER (WHERE state = '{OverpaymentState.OPEN}') AS open_amount
    FROM payments_overpayment GROUP BY source, benefit, person_id, for_month, matter
)
SELECT owed.source, owed.benefit, owed.person_id, owed.for_month, owed.matter, settled.open_id, settled.open_amount,
    greatest(coalesce(live.amount, 0) - owed.amount - coalesce(settled.settled, 0), 0), owed.words
FROM payments_owed AS owed
LEFT JOIN payments_live AS live USING (source, benefit, person_id, for_month, matter)
LEFT JOIN settled USING (source, benefit, person_id, for_month, matter)
WHERE greatest(coalesce(live.amount, 0) - owed.amount - coalesce(settled.settled, 0), 0) <> coalesce(settled.open_amount, 0)
ORDER BY owed.source, owed.person_id, owed.benefit, owed.for_month, owed.matter
"""  # noqa: S608 -- states are ours

TOTALS: Final = f"""
SELECT count(*) FILTER (WHERE is_live), coalesce(sum(amount) FILTER (WHERE is_live), 0)::bigint,
    coalesce(sum(deducted) FILTER (WHERE is_live), 0)::bigint,
    count(*) FILTER (WHERE state = '{LineState.HELD}'),
    coalesce(sum(amount - deducted) FILTER (WHERE state = '{LineState.HELD}'), 0)::bigint
FROM payments_paymentline WHERE run_id = %(run)s
"""  # noqa: S608 -- states are ours

# What each source spends in the quarter of the run, what budgets give it, and what other runs take of it.
BUDGETS: Final = f"""
WITH needed AS (
    SELECT source, sum(amount - deducted)::bigint AS needed FROM payments_paymentline
    WHERE run_id = %(run)s AND state = '{LineState.PLANNED}' GROUP BY source
)
SELECT needed.source, needed.needed,
    (SELECT sum(budget.amount)::bigint FROM payments_budget AS budget
        WHERE budget.source = needed.source AND budget.quarter = %(quarter)s AND budget.approved_by_id IS NOT NULL),
    (SELECT coalesce(sum(line.amount - line.deducted), 0)::bigint FROM payments_paymentline AS line
        JOIN payments_paymentrun AS run ON run.id = line.run_id
        WHERE line.source = needed.source AND line.is_live AND run.id <> %(run)s
            AND run.month >= %(quarter)s AND run.month < %(quarter)s::date + interval '3 months')
FROM needed ORDER BY needed.source
"""  # noqa: S608 -- states are ours
