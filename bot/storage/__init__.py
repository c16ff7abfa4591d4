"""The archive: tables, one repository per noun, the vault."""
