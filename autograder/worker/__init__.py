"""What runs beside student code: it performs the calls of a case and reports what happened, and knows no answer."""
