"""Registers of the demo province and their verification: its own people, written down as dirtily as offices do.

``house.py`` reads the people that the demo has; ``files.py`` writes a population file and a register about them with the
generator of ``ops.invented``; ``story.py`` takes both through the services of verification, month by month.
"""
