"""The web server of `earshot serve`: processes, connections, and the application under waitress."""
