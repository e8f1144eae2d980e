"""The benefits of the demo province, and what it has paid since July 2024.

``folk.py`` reads people, homes and classes of households; ``needs.py`` and ``answers.py`` draw who needs what and what is known
of them; ``timeline.py`` puts in order what happened; ``benefits.py`` grants, changes and ends by the rules; ``channels.py`` says
where people are paid; ``paying.py`` pays month by month by the services; ``lately.py`` and ``morning.py`` say what officers decided
in the last months and what waits; ``story.py`` tells it all.
"""
