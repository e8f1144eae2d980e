"""Everything here is public: places, agencies, who is competent and when the counters are open.

Who may publish a calendar is a question about mandates, and is asked above, where accounts are known.
"""
