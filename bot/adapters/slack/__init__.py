"""Slack: whispers only the sender sees, removal with the author's own consent."""
