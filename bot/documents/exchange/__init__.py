"""What is shared, in forms that other systems read. None of them is signed: only our own form is."""
