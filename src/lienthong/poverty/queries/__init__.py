"""Questions about the poverty review."""
