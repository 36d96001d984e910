"""The demo network as CSV files, read by the same code as `oms import`; README.md says what is in them."""
