"""What OCPP messages say and mean, by version and feature profile. Pure."""
