"""Registers against the population database: is every person on every register who the population database says?

Owns copies of the population data, batches, verdicts, work lists, quality figures and sampled reviews. Knows no
programme: a register is a source that a programme registers, or a file. Đối chiếu, xác thực dữ liệu dân cư.
"""
