"""Files that somebody made elsewhere: rows of JSONL and CSV, folders and ZIPs of pictures, read as they come."""
