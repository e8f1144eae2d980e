"""What lists, pages and other contexts ask of payments."""
