"""The message catalogues' workshop: ``python -m scripts.catalogs extract`` and ``python -m scripts.catalogs check``.

``extract`` collects the English texts of ``bot/`` and ``handlers/`` into ``bot/locales/messages.pot`` and merges them
into each language's ``messages.po``: translations are kept, texts that are gone are dropped, a changed text keeps its
old translation as a suggestion marked fuzzy. Running it again changes nothing. ``check`` says what is wrong, a line
each.
"""
