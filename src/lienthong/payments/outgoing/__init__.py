"""Files that tell a bank, the post or a cashier whom to pay: plain values in, bytes out, memory constant. No tables."""
