"""What a user sees: charts, the map, the report, and lists in the terminal and in files."""
