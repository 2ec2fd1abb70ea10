"""The roof, which everybody sees: figures of frozen school years, where a district has switched its report on."""
