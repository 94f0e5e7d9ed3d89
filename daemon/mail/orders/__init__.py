"""What the owner orders by mail: understood, and answered."""
