"""My work: the figures of an officer's day and the lists behind them."""
