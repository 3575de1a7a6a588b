"""Objects of the world as bytes of JSON."""
