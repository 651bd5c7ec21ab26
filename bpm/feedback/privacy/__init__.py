"""Private data: what is masked, what lies apart, what is erased."""

from bpm.feedback.privacy.items import hide_private as hide_private
