"""When something is due: instants, durations, cycles and cron, as models write them."""
