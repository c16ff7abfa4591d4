"""Evidence as files: a BagIt bag in a zip, with a report, tables, the custody log's lines, and all it takes to check it
without Kalkan."""
