"""Working time as a pure value; `bot.core.quiet_hours` is the way in."""
