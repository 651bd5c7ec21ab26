"""What `earshot bench` measures, and how: two small processes, through the product's own HTTP layer."""
