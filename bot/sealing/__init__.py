"""What makes stored bytes unreadable without the master key: its sub-keys, sealed bytes, the forms of the key itself.

Arithmetic only: where the master key comes from is the roof's affair (`bot.wiring.archive`).
"""
