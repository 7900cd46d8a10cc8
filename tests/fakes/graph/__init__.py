"""A stand-in for Facebook's Graph API; see README.md in this folder."""
