"""Charts of farms: the network of accounts, the week of a farm, its change of sides; and files for Gephi."""
