"""The drawings: one file per class, with helpers for those that take more than one."""
