"""What other tools and engines mean: vendors' markup, their code, drawings, ad hoc and global parts."""
