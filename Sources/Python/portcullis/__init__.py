"""Gates Python workflow code with compiled Portcullis policies."""
