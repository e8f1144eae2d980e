"""Social assistance: what the law grants to people who need help. For now one programme, support with the costs of a
funeral; it shows how a programme takes part in the one-stop shop without the one-stop shop knowing it."""
