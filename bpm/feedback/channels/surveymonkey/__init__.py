"""SurveyMonkey: responses of its interface, an item for each answer in words, with its question where it is told."""

from bpm.feedback.channels.surveymonkey.reader import SHAPE

__all__ = ["SHAPE"]
