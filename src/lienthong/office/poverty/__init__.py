"""Screens of the poverty review: rounds, communes, households, the survey, the village, standards, reports."""
