"""The words of a mail: what its sender wrote this time, without old mail, signature and footer."""

from bpm.feedback.channels.mbox.words.cut import Words, customer_words, mailed_words, words_of
from bpm.feedback.channels.mbox.words.marks import without_marks

__all__ = ["Words", "customer_words", "mailed_words", "without_marks", "words_of"]
