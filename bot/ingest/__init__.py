"""The queue between webhook receivers and a cell: what Telegram posts is kept by a broker while the database is away.

A receiver posts and waits for the broker's word (`posting`); whoever works takes it out in order, commits it to the
inbox and only then lets the broker forget it (`feeding`). So each update comes at least once, and the inbox's key makes
it once. Its library is aio-pika, which only who sets KALKAN_QUEUE_URL needs.
"""
