//! Reads a brief from a text.
