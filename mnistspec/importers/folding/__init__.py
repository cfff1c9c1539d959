"""Structure that comes again in a model, said once: as a block with parameters, or as a repeat."""
