"""Items out of spreadsheets and into them: what columns mean, rows read, taken in, written."""
