"""The item bank: files become checked items, forms and a framework; texts become safe HTML."""
