"""Pure values that every context shares: money, days, decisions, legal references, Vietnamese text, identity numbers.

Imports nothing of ours, reads no clock, opens no connection.
"""
