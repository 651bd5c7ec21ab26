"""What an item's page is put together from: hand-overs, routing, gestures."""
