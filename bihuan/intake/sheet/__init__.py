"""Reports out of spreadsheets, taken in by clerks: lists of a hotline, a web forum, an older system."""
