"""What other systems and devices speak with: today phones of enumerators, by OpenRosa. Translates, and asks services."""
