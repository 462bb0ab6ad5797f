"""`python -m bot` is the `fluister` command."""

from bot.cli import main

main()
