"""What is said of a scan: subject, mail, chat card and fields."""
