"""Invoices that come from elsewhere."""
