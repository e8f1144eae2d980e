"""What a file really is: looked at on disk, by its bytes, before it is kept. Knows no database."""
