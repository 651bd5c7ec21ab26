"""JSON Schemas of forms: what of the standard is executed, within bounds that no schema and no value can break."""
