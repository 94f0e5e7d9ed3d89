"""Which invoices a payment is for."""
