"""The law as plain Python over dated, sourced parameters. Knows no database, no clock, no network, no Django."""
