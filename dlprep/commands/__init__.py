"""What each command does, a file a command; dlprep/app.py declares their options."""
