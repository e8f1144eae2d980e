"""An OpenRosa server for ODK Collect and whatever else speaks that protocol."""
