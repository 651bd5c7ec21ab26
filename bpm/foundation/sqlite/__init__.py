"""What SQLite needs beside its statements: how connections are set up, and how writers wait for each other."""
