"""The door: sign in and out, the own account, its sessions, who looked at one's data, a form that was kept."""
