"""People, households and organisations: dated facts about who they are, where they live and with whom.

Knows no accounts, no dossiers and no programme."""
