"""CSV and YAML files as rows of the trade, or as a list of what is wrong: pure, bytes in, values out."""
