"""The review of poor and near-poor households: rounds, visits, scores, the village's part, decisions, reports.

Rà soát hộ nghèo, hộ cận nghèo. Owns which class a household is in and why. Knows nothing of what a class entitles to.
"""
