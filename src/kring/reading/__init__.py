"""What a text says: for now, whether it asks something (`question`)."""
