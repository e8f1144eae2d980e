"""The desk: receiving a request in one screen, and answering what was filed online."""
