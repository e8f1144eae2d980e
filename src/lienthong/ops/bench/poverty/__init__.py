"""How fast households are scored and classified, and how fast what devices send is received.

``scoring.py`` measures the rules, without a database. What devices send belongs into ``submissions.py``; ``measuring.py`` puts
the parts together.
"""
