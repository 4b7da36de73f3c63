"""Operations on cases: thin; the same queries, forms and actions as the pages."""
