"""Is this hour unusual for this target? Hourly counts in, levels and alarms out: pure, synchronous, without a clock."""
