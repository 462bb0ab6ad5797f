"""What was shown to one person, and where: the form in which it comes back to be changed."""

from dataclasses import dataclass

from bot.adapters.telegram.sending import Target


@dataclass(frozen=True, slots=True)
class Shown:
    """Something shown earlier: where, to whom alone if ephemeral, and its number."""

    target: Target
    number: int

    @property
    def user(self) -> int:
        """Who can see it."""
        return self.target.only or self.target.chat

    def write(self) -> str:
        """The form in which it comes back as `replaces`."""
        kind = "private" if self.target.only is None else f"only-{self.target.only}"
        return f"{kind}/{self.target.chat}/{self.number}"

    @classmethod
    def read(cls, text: str) -> "Shown | None":
        kind, _, rest = text.partition("/")
        chat, _, number = rest.partition("/")
        try:
            only = None if kind == "private" else int(kind.removeprefix("only-"))
            return cls(Target(int(chat), only), int(number))
        except ValueError:
            return None
