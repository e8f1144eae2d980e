"""What citizens see of their own benefits, and the questions by which anybody finds out what they may be entitled to."""
