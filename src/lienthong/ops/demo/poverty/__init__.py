"""The poverty review of the demo province: standards, forms, the rounds of four years, and one that is running.

``homes.py`` reads households and who lived where on any day; ``fates.py`` says who is on the lists of each year and what
becomes of them; ``answers.py`` fills forms so that the rules come to that; ``visiting.py``, ``writing.py`` and
``schedule.py`` make the rows that officers would have left; ``today.py`` leaves work for this morning by the services
themselves; ``story.py`` tells it all.
"""
