"""Pure rules over texts and values that several rooms of the engine share; no session, no model."""
