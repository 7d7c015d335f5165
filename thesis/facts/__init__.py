"""Facts: reported values with their vintages, and the CSV files that hold them."""
