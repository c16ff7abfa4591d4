"""What the commands do, apart from their options: these modules load the heavy rooms, once a command needs them."""
