"""Two versions of a model beside each other, and an instance changed over from one to the other. Pure."""
