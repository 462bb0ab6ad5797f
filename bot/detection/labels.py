"""What detection tells apart; the weights that ship were trained in this order."""

KINDS = ("HEALTH", "YOUTH_CARE", "FAMILY", "PERFORMANCE", "ABSENCE", "HR", "INCIDENT")
VALUES = (
    "BSN", "IBAN", "PHONE", "EMAIL", "ADDRESS", "DATE_OF_BIRTH", "ID_DOCUMENT", "LICENSE_PLATE",
    "CREDENTIAL",
)  # fmt: skip
NAME_TAGS = ("O", "B", "I")
CONTENT_TAGS = ("O", *KINDS, *VALUES)
LINEAR_OUTPUTS = ("ANY", *KINDS)
OUTPUTS = (*LINEAR_OUTPUTS, "IDENTIFIER", "CREDENTIAL", "IMAGE", "DOCUMENT")
# How the corpus writes them: a message has any of the letters, a phrase in it a letter of a kind.
LETTERS = dict(zip("hyfparidcgo", OUTPUTS[1:], strict=True))
KIND_LETTERS = {letter: kind for letter, kind in LETTERS.items() if kind in KINDS}
