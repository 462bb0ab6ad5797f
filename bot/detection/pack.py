"""Our recognizers as anybody's Presidio pack for Dutch: a registry and an NLP engine."""

from presidio_analyzer import EntityRecognizer, RecognizerRegistry

from bot.detection.nlp import BlankDutchNlpEngine
from bot.detection.recognizers.address import AddressNlRecognizer
from bot.detection.recognizers.birth import BirthDateRecognizer
from bot.detection.recognizers.bsn import BsnRecognizer
from bot.detection.recognizers.content import ContentRecognizer
from bot.detection.recognizers.credential import CredentialRecognizer
from bot.detection.recognizers.document_number import DocumentNumberRecognizer
from bot.detection.recognizers.email import EmailNlRecognizer
from bot.detection.recognizers.iban import IbanNumberRecognizer
from bot.detection.recognizers.person import PersonNlRecognizer
from bot.detection.recognizers.phone import PhoneNlRecognizer
from bot.detection.recognizers.plate import PlateNlRecognizer
from bot.detection.recognizers.told import ToldValueRecognizer


def nl_recognizers() -> tuple[EntityRecognizer, ...]:
    """One of each of our recognizers for `nl`; those that wait for the encoder come last."""
    return (
        BsnRecognizer(),
        IbanNumberRecognizer(),
        EmailNlRecognizer(),
        PhoneNlRecognizer(),
        AddressNlRecognizer(),
        BirthDateRecognizer(),
        PlateNlRecognizer(),
        DocumentNumberRecognizer(),
        CredentialRecognizer(),
        ContentRecognizer(),
        PersonNlRecognizer(),
        ToldValueRecognizer(),
    )


def nl_school_registry() -> RecognizerRegistry:
    """A Presidio registry with our recognizers and no others."""
    registry = RecognizerRegistry(recognizers=list(nl_recognizers()))
    registry.supported_languages = ["nl"]
    return registry


def nl_nlp_engine() -> BlankDutchNlpEngine:
    """A Presidio NLP engine for `nl` that is loaded and needs no download."""
    engine = BlankDutchNlpEngine()
    engine.load()
    return engine
