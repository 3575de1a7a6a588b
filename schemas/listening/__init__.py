"""What users listened to."""
