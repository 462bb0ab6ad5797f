"""The few words this adapter shows by itself: names of rooms and the way to press a button.

They belong to the platform, not to a message, so they are not in the catalogue of texts.
"""

PRIVATE_ROOM = "Fluister (alleen jij en ik)"
PRIVATE_TOPIC = "Wat hier staat, zien alleen jij en Fluister."
HOW_TO_PRESS = "Kies met een reactie, of typ het cijfer."
HOW_TO_HOLD = "Iets voor de groep? Stuur het mij privé, met “voor morgen:” ervoor. Ik bewaar het."
REMOVED = "Fluister: verplaatst"

# In a group only these are ours; another bot may listen to any other command.
KNOWN = frozenset(
    {
        *("help", "hulp", "code", "dringend", "urgent", "stop", "opnieuw"),
        *("instellen", "setup", "stilte", "niveau", "teamadres", "vrij", "free"),
        *("magditdelen", "share", "watweetje", "aboutme", "vergeetmij", "forgetme"),
        *("teamgroep", "oudergroep", "negeer"),
    }
)
