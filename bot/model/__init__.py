"""Our nouns as frozen dataclasses, a file per noun."""
