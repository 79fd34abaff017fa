"""Plain Python that knows neither the database nor the web: time, words, sealed text, tables, pictures."""
