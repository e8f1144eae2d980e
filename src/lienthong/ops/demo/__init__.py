"""The demo province: invented people, officers and dossiers in the real places, agencies and procedures.

Deterministic for a seed and a day. Nobody in it exists: names are drawn from frequency tables, personal numbers from a
range that says so, and every page and print of a demo province says so too.
"""
