"""What goes back to Spotify: plans of few requests, and how they are carried out without doing anything twice."""
