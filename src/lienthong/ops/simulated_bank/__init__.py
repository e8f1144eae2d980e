"""A bank for trying things out: reads the orders of a folder and answers them, some of them badly. It moves no money.

Ngân hàng mô phỏng. It knows the formats by the standard and nothing of the house that wrote the orders.
"""
