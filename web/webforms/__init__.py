"""Forms on web sites: their public face, and the pages on which they are made and looked after."""
