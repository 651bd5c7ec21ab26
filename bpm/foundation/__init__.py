"""What every storey may stand on: files of the home and the one door to the outside."""
