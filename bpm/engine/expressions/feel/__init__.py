"""FEEL as OMG DMN 1.5 chapter 10 says it: text to tokens, tokens to a tree, the tree to a value; for BPMN and DMN."""
