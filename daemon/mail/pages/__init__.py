"""What stands on the pages of a report, in words."""
