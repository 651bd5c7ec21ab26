"""Tables that people keep for the inbox: routing and goodwill."""
