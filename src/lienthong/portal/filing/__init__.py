"""Filing a request online: a draft in parts, checked, declared and sent once."""
