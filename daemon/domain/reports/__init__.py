"""What is to be shown: digest, alerts, status, pages, as facts."""
