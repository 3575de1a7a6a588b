"""What users have saved, liked and followed."""
