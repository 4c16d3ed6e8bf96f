"""Classes and families, for those who look after them."""
