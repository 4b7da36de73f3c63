"""Pages and data of the territory: areas, places, calendar, imports, and what maps draw."""
