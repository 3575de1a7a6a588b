"""The resource `playlists`: which ones to read (`which_to_read`), reading them (`read`), and what is new (`diff`)."""
