"""The digest of a run's list: what was prepared, checked, approved and released is the same list."""

import hashlib

from django.db import connection

_DIGESTS = """
SELECT encode(sha256(convert_to(string_agg(concat_ws('|', number, source, benefit, person_id, payee_id,
    'organization ' || payee_organization_id, unit_id, for_month, part, amount, deducted, channel, bank_code, account_number, holder_name, carried_from_id), E'\\n' ORDER BY number), 'UTF8')), 'hex')
FROM payments_paymentline WHERE run_id = %s GROUP BY number / 1000 ORDER BY number / 1000
"""


def digest_of_run(run_id: int) -> str:
    """Return the SHA-256 of a run's lines in the order of their numbers, as 64 hexadecimal digits.

    It is made of one sum for each thousand lines: the database never holds the whole list as one text.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DIGESTS, [run_id])
        return hashlib.sha256("".join(row[0] for row in cursor.fetchall()).encode()).hexdigest()
