"""Places and agencies through time: which commune, district, province or office existed on a day, what became of it,
who is competent for a field, and when its counters are open. Knows no people and no procedures."""
