"""What users play, and on what."""
