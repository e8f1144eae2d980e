"""Questions to social assistance and to people with merit."""
