"""Everybody of a province under every programme at once, beside one reading of the same columns, and beside OpenFisca.

It owns the invented columns, the peer written for OpenFisca and the figures; the rules are those of the house.
"""
