"""What screens are drawn with: fields, small HTML, diagrams, navigation, the shell."""
