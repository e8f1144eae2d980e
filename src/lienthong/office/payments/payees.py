"""Whoever is paid, a person or an organisation, as the pages of payments show them: number and addresses."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lienthong.payments.queries.accounts import is_organization


def number_of(payee: Any) -> str:
    """Return the identity number of a person, or the tax code of an organisation, as it is kept."""
    return str(payee.tax_code if is_organization(payee) else payee.personal_id_number)


def page_of_payee(payee: Any) -> str:
    """Return the address of everything that a payee was paid, and where."""
    return _address(payee, person="office:payments_person", organization="office:payments_organization")


def recording_page_of(payee: Any) -> str:
    """Return the address where it is recorded where a payee is paid."""
    return _address(
        payee, person="office:payments_record_account", organization="office:payments_record_organization_account"
    )


def _address(payee: Any, *, person: str, organization: str) -> str:
    return reverse(organization if is_organization(payee) else person, args=[payee.pk])
