"""Reports over the web page, by residents and by grid workers."""
