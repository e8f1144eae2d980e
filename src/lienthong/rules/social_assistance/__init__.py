"""Social assistance: monthly allowances, the social pension, care, institutions, and the support for funeral costs.

Trợ giúp xã hội. Pure rules over dated values; they know no register, no dossier and no payment.
"""
