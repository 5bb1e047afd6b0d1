"""What is asked: scenarios, the years they name, and the rules in force on a day."""
