"""What Kalkan does at a coalition's size: lookups, webhook, import and nightly work on PostgreSQL; SQLite beside."""
