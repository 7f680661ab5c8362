"""The Compare page: encoders, methods, engines and approaches, side by side on the open collection."""
