"""Campaign documents to campaigns, or every problem at once; knows no database and no web."""
