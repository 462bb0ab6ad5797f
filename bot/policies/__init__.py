"""Reads policies/*.yaml into `Policy` values, and says exactly what is wrong when it cannot."""

from bot.policies.check import Problem, check_policy
from bot.policies.faults import Fault, PolicyFileError
from bot.policies.loader import load_policy, read_policy

__all__ = [
    "Fault",
    "PolicyFileError",
    "Problem",
    "check_policy",
    "load_policy",
    "read_policy",
]
