"""CSV files as rows of the trade, or as a list of what is wrong with them: pure, bytes in, values out."""
