"""A dossier is one request by one applicant under one version of a procedure.

Owns intake, numbering, routing, the clock, the outcome and its return, ratings and the figures over all of these.
Does not know what any procedure grants: programmes register handlers.
"""
