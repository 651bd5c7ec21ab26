"""Masking: what is private in a text is replaced by the name of its kind. Pure, linear, without any model."""

from bpm.feedback.privacy.mask.masking import mask as mask
from bpm.feedback.privacy.mask.spans import KINDS as KINDS
from bpm.feedback.privacy.mask.spans import Masked as Masked
from bpm.feedback.privacy.mask.spans import Span as Span
