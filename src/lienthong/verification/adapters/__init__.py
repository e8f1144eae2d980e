"""Who answers: a copy of the population data that lies here, or the police by files; and the registers of this house."""
