"""What the help says about ledgers: for who makes campaigns, who runs them, who works on items."""
