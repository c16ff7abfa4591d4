"""The front desk: the only room that speaks Telegram, to people, to buttons and to the clock."""
