"""How fast and how right verification is, beside what is done today, Splink, and a floor.

Every way of linking runs in a process of its own (``processes.py`` starts ``child.py``), so that its memory is its own. The
provinces are invented once and kept (``provinces.py``). ``marks.py`` compares what was linked with the truth; ``measuring.py``
asks for everything and says what it means.
"""
