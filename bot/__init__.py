"""Fluister keeps a Dutch school's communication protocol, kindly."""

__version__ = "0.1.0"
