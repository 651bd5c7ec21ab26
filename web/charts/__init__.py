"""Control charts of processes, and what a number of cases would show, asked of simulated ones."""
