"""Mails that machines write: reports, receipts, absences, complaints."""
