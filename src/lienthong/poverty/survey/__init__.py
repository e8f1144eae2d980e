"""XLSForms of the survey, their compilation, and reading of what was filled. No tables."""
