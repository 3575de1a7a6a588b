"""What goes back to Spotify: plans of the fewest requests, and how they are carried out without doing anything twice."""
