"""What a user does, one file each: a verb introduces the rooms to each other in a few lines. `kring.Circle` has them as methods."""
