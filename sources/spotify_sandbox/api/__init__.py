"""The Web API: endpoints, and how answers are rendered."""
